using Aegis.Contracts.Vault;
using Aegis.Kernel.Events;
using Aegis.Kernel.Jobs;
using Aegis.Vault.Persistence;
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
        services.AddScoped<AlertBook>();
        services.AddRecurringJob<WarnJob>();
        services.AddHandler<CredentialExpiring, AlertExpiring, VaultDb>();
        services.AddHandler<CredentialExpired, AlertExpired, VaultDb>();
        services.AddHandler<CredentialRotationFailed, AlertRotationFailed, VaultDb>();
        services.AddHandler<CredentialTested, AlertTested, VaultDb>();
        services.AddHandler<CredentialRotated, ClearWhenRotated, VaultDb>();
        services.AddHandler<CredentialValueSet, ClearWhenSet, VaultDb>();
        services.AddHandler<CredentialRolledBack, ClearWhenRolledBack, VaultDb>();
        services.AddHandler<CredentialUpdated, ClearWhenUpdated, VaultDb>();
        services.AddHandler<CredentialRetired, ClearWhenRetired, VaultDb>();
        return services;
    }
}
