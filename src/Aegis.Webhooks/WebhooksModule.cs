using Microsoft.Extensions.Configuration;

namespace Aegis.Webhooks;

/// <summary>Webhooks: who listens to what, and how it gets there.</summary>
public static class WebhooksModule
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration, DatabaseOptions database)
    {
        services.AddModuleDb<WebhooksDb, SqliteWebhooksDb, SqlServerWebhooksDb>(database);
        services.AddSingleton(WebhooksOptions.From(configuration));
        services.AddScoped<EndpointChanges>();
        services.AddScoped<Replays>();
        services.AddRecurringJob<WatchJob>();
        services.AddRecurringJob<SealAddressesJob>();
        services.AddRecurringJob<PurgeJob>();
        services.AddSingleton(EventTypes.Published);
        services.AddSingleton<NewEvents>();
        services.AddHandlerOfMany<Publish, WebhooksDb>(Publish.Name, EventTypes.Published.All.Select(t => t.Source));
        services.AddSending();
        return services;
    }
}
