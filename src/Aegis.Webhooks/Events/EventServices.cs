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
        var add = typeof(HandlerServices).GetMethod(nameof(HandlerServices.AddHandler))!;
        foreach (var type in EventTypes.Published.All) add.MakeGenericMethod(type.Source, typeof(Publish), typeof(WebhooksDb)).Invoke(null, [services, null]);
    }
}
