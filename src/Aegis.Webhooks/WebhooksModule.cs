using Microsoft.Extensions.Configuration;

namespace Aegis.Webhooks;

/// <summary>Webhooks: endpoints, the events they subscribe to, and the delivery of these events.</summary>
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

    // Hosted services stop in reverse order: the dispatcher before the writer, so that the last outcomes are stored.
    private static void AddSending(this IServiceCollection services)
    {
        services.AddSingleton<AttemptSlots>();
        services.AddSingleton<EndpointLeases>();
        services.AddSingleton<DueQueue>();
        services.AddSingleton<Sender>();
        services.AddSingleton<EndpointSenderTools>();
        services.AddScoped<EndpointOutcomes>();
        services.AddSingleton<OutcomeWriter>();
        services.AddHostedService(sp => sp.GetRequiredService<OutcomeWriter>());
        services.AddSingleton<Dispatcher>();
        services.AddHostedService(sp => sp.GetRequiredService<Dispatcher>());
    }
}
