using Aegis.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Health;

/// <summary>Registers health.</summary>
internal static class HealthServices
{
    public static IServiceCollection AddCredentialHealth(this IServiceCollection services)
    {
        services.AddScoped<Checker>();
        services.AddScoped<CheckAll>();
        services.AddScoped<DashboardView>();
        services.AddRecurringJob<WarnJob>();
        return services;
    }
}
