using System.Collections.Frozen;
using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Kernel.Events;

/// <summary>One reaction to one event, with the database that keeps its receipt.</summary>
internal abstract record HandlerRegistration(Type Event, string Name)
{
    /// <summary>False when this event changes nothing for the handler, so that it need not be stored for it.</summary>
    public abstract bool Wants(IEvent happened);

    /// <summary>Handles the event once; a second delivery finds the receipt and does nothing.</summary>
    public abstract Task Deliver(IServiceProvider scope, Delivery delivery, DateTimeOffset now, CancellationToken ct);
}

/// <summary>An event on its way to its handlers.</summary>
/// <param name="EventId">evt_….</param>
/// <param name="Happened">What happened.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="IsFirst">True when it was never claimed before, so that there can be no receipt yet.</param>
internal sealed record Delivery(string EventId, IEvent Happened, DateTimeOffset OccurredAt, bool IsFirst);

/// <summary>Who reacts to which event.</summary>
internal sealed class Listeners(IEnumerable<HandlerRegistration> handlers)
{
    private readonly FrozenDictionary<Type, HandlerRegistration[]> byEvent =
        handlers.GroupBy(h => h.Event).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    public IReadOnlyList<HandlerRegistration> To(IEvent happened) => byEvent.GetValueOrDefault(happened.GetType(), []);

    /// <summary>True when the event is to be stored for somebody.</summary>
    public bool Want(IEvent happened) => To(happened).Any(h => h.Wants(happened));
}

internal sealed record HandlerRegistration<TEvent, THandler, TDb>(Func<TEvent, bool>? Condition) : HandlerRegistration(typeof(TEvent), typeof(THandler).Name)
    where TEvent : IEvent
    where THandler : class, IHandle<TEvent>
    where TDb : ModuleDb
{
    public override bool Wants(IEvent happened) => Condition is null || Condition((TEvent)happened);

    public override async Task Deliver(IServiceProvider scope, Delivery delivery, DateTimeOffset now, CancellationToken ct)
    {
        var db = scope.GetRequiredService<TDb>();
        var eventId = delivery.EventId;
        if (!delivery.IsFirst && await db.Set<InboxRow>().AnyAsync(r => r.EventId == eventId && r.Handler == Name, ct)) return;

        scope.GetRequiredService<EventAtHand>().Take(eventId, delivery.OccurredAt);
        await scope.GetRequiredService<THandler>().Handle((TEvent)delivery.Happened, ct);
        db.Add(new InboxRow { EventId = eventId, Handler = Name, HandledAt = now });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            if (!await db.Set<InboxRow>().AsNoTracking().AnyAsync(r => r.EventId == eventId && r.Handler == Name, ct)) throw;
        }
    }
}

/// <summary>Registers reactions to events.</summary>
public static class HandlerServices
{
    /// <typeparam name="TEvent">What happened.</typeparam>
    /// <typeparam name="THandler">Who reacts. Its class name is part of the stored receipt: renaming it handles old events again.</typeparam>
    /// <typeparam name="TDb">The module's database, saved after the handler ran.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="when">Tells, of the event as it is raised, whether it matters to the handler; null for always.</param>
    public static IServiceCollection AddHandler<TEvent, THandler, TDb>(this IServiceCollection services, Func<TEvent, bool>? when = null)
        where TEvent : IEvent
        where THandler : class, IHandle<TEvent>
        where TDb : ModuleDb
    {
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new HandlerRegistration<TEvent, THandler, TDb>(when));
    }
}
