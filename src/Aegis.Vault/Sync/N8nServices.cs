using Aegis.Vault.Applying;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Sync;

/// <summary>Registers the services for n8n.</summary>
internal static class N8nServices
{
    public static void AddN8n(this IServiceCollection services)
    {
        services.AddSingleton<N8nCalls>();
        services.AddSingleton<N8nClient>();
        services.AddSingleton<N8nListing>();
        services.AddSingleton<N8nProvider>();
        services.AddSingleton<Provider>(sp => sp.GetRequiredService<N8nProvider>());
        services.AddSingleton<WorkflowTurns>();
        services.AddSingleton<Applier>();
        services.AddScoped<Syncer>();
        services.AddScoped<LeakScan>();
    }
}
