using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Connections;

/// <summary>Registers connections. Their kinds come from who works through them.</summary>
internal static class ConnectionServices
{
    public static void AddVaultConnections(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionKinds>();
        services.AddScoped<ConnectionBook>();
        services.AddScoped<ConnectionDesk>();
    }
}
