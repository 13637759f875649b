namespace Aegis.Host.Sandbox;

/// <summary>Registers the sandbox, where it is enabled.</summary>
internal static class SandboxServices
{
    public static IServiceCollection AddSandbox(this IServiceCollection services, Startup.ServerOptions options)
    {
        if (!options.SandboxEnabled) return services;
        services.AddSingleton<SandboxFile>();
        services.AddScoped<SandboxSeed>();
        return services.AddHostedService<SandboxWelcome>();
    }
}
