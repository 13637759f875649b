using Aegis.Kernel.Events;
using Aegis.Webhooks.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Webhooks.Events;

/// <summary>Listens to every event that is published.</summary>
internal static class EventServices
{
    public static void AddPublishing(this IServiceCollection services)
    {
        services.AddSingleton(EventTypes.Published);
        services.AddSingleton<NewEvents>();
        services.AddHandlerOfMany<Publish, WebhooksDb>(Publish.Name, EventTypes.Published.All.Select(t => t.Source));
    }
}
