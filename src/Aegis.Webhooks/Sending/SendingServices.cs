namespace Aegis.Webhooks.Sending;

/// <summary>Registers what sends. The writer ends after the dispatcher, so that what was sent is recorded.</summary>
internal static class SendingServices
{
    public static void AddSending(this IServiceCollection services)
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
