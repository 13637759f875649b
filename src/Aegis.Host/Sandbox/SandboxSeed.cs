using Aegis.Contracts.Sandbox;

namespace Aegis.Host.Sandbox;

/// <summary>Fills an empty database with synthetic organizations, keys, a request and studies, and writes sandbox.json.</summary>
internal sealed class SandboxSeed(
    ISandboxIdentity identity, ISandboxStudies studies, SandboxFile file, DatabaseOptions database)
{
    private const string StudiesFolder = "sandbox/studies";

    /// <summary>
    /// Adds missing data; a later start changes nothing. If sandbox.json is gone, new keys are issued and the old ones revoked.
    /// </summary>
    public async Task Seed(CancellationToken ct)
    {
        await identity.Seed(ct);
        await studies.SeedRequest(ct);
        var folder = Path.Combine(database.DataDirectory, StudiesFolder);
        var written = await studies.WriteStudies(folder, ct);
        if (file.Exists) return;

        file.Write(new SandboxContent(
            BaseUrl: "",
            Keys: await identity.IssueKeys(ct),
            Users: await identity.IssuePasswords(ct),
            Studies: written.Select(s => $"{StudiesFolder}/{s}").ToList()));
    }
}

/// <summary>Registers the sandbox if it is enabled.</summary>
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
