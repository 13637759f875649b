using Aegis.Vault.Providers.Api;
using Aegis.Vault.Providers.Database;
using Aegis.Vault.Providers.Env;
using Aegis.Vault.Providers.OAuth;
using Aegis.Vault.Providers.Supabase;
using Aegis.Vault.Providers.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Providers;

/// <summary>Registers the providers.</summary>
internal static class ProviderServices
{
    public static void AddProviders(this IServiceCollection services)
    {
        services.AddSingleton<ProviderCalls>();
        services.AddSingleton<DatabaseEngine, PostgresEngine>();
        services.AddSingleton<DatabaseEngine, SqlServerEngine>();
        services.AddSingleton<Provider, ApiProvider>();
        services.AddSingleton<Provider, DatabaseProvider>();
        services.AddSingleton<Provider, EnvProvider>();
        services.AddSingleton<Provider, GeneratedProvider>();
        services.AddSingleton<Provider, OAuthProvider>();
        services.AddSingleton<Provider, SupabaseProvider>();
        services.AddSingleton<Provider, WebhookProvider>();
    }
}
