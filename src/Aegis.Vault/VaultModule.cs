using Aegis.Contracts.Vault;
using Aegis.Kernel.Events;
using Aegis.Kernel.Jobs;
using Aegis.Kernel.Json;
using Aegis.Vault.Restoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: SnakeCase]

namespace Aegis.Vault;

/// <summary>The vault: credentials, their versions, rotation and health.</summary>
public static class VaultModule
{
    public static IServiceCollection AddVault(this IServiceCollection services, IConfiguration configuration, DatabaseOptions database)
    {
        services.AddModuleDb<VaultDb, SqliteVaultDb, SqlServerVaultDb>(database);
        services.AddSingleton<CredentialSeal>();
        services.AddSingleton<ProviderConfigs>();
        services.AddSingleton<ProviderCatalogue>();
        services.AddSingleton(VaultOptions.From(configuration, database.DataDirectory));
        services.AddProviders();
        services.AddScoped<ICredentialDirectory, CredentialDirectory>();
        services.AddScoped<Versions>();
        services.AddScoped<ValueSetter>();
        services.AddSingleton<ConnectionKinds>(); // the kinds come from the providers that use them
        services.AddScoped<ConnectionStore>();
        services.AddScoped<ConnectionChanges>();
        services.AddN8n();
        services.AddScoped<CopyWork>();
        services.AddHostedService<CopySender>();
        services.AddHandler<AskForCopy, VaultDb>(
            AskForCopy.Name,
            when: e => e is CredentialRotated { HasCopy: true } or CredentialRolledBack { HasCopy: true }
                or CredentialValueSet { HasCopy: true });
        services.AddRotation();
        services.AddScoped<Checker>();
        services.AddScoped<CheckAll>();
        services.AddScoped<DashboardView>();
        services.AddRecurringJob<WarnJob>();
        services.AddScoped<Registry>();
        services.AddScoped<Restorer>();
        services.AddRecurringJob<DestroyRetiredJob>();
        services.AddSingleton<UseLedger>();
        services.AddHostedService(sp => sp.GetRequiredService<UseLedger>());
        services.AddRecurringJob<JoinUsesJob>();
        return services;
    }
}
