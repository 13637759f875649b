using System.Collections.Frozen;
using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Kernel.Events;

/// <summary>One reaction to some events, with the database that keeps its receipts.</summary>
internal abstract record HandlerRegistration(string Name, FrozenSet<Type> Events)
{
    /// <summary>True when the reaction takes all events that are due at once, in one save.</summary>
    public abstract bool TakesMany { get; }

    /// <summary>False when this event changes nothing for the handler, so that it need not be stored for it.</summary>
    public virtual bool Wants(IEvent happened) => Events.Contains(happened.GetType());

    /// <summary>Handles each event once; of a second delivery it finds the receipt and does nothing.</summary>
    public abstract Task Deliver(IServiceProvider scope, IReadOnlyList<Delivery> events, DateTimeOffset now, CancellationToken ct);

    /// <summary>Those without a receipt, and a receipt for each of them in the next save.</summary>
    protected async Task<IReadOnlyList<Delivery>> Receipt(ModuleDb db, IReadOnlyList<Delivery> events, IEnumerable<Delivery> doubtful, DateTimeOffset now, CancellationToken ct)
    {
        var asked = doubtful.Select(e => e.Event.Id).ToList();
        var had = asked.Count == 0 ? [] : await db.Set<InboxRow>().Where(r => asked.Contains(r.EventId) && r.Handler == Name).Select(r => r.EventId).ToListAsync(ct);
        var fresh = had.Count == 0 ? events : [.. events.Where(e => !had.Contains(e.Event.Id))];
        db.AddRange(fresh.Select(e => new InboxRow { EventId = e.Event.Id, Handler = Name, HandledAt = now }));
        return fresh;
    }
}

/// <summary>An event on its way to its handlers.</summary>
/// <param name="Event">What happened.</param>
/// <param name="IsFirst">True when it was never claimed before.</param>
internal sealed record Delivery(ToldEvent Event, bool IsFirst);

internal sealed record SingleRegistration<TEvent, THandler, TDb>(string Name, Func<TEvent, bool>? Condition)
    : HandlerRegistration(Name, [typeof(TEvent)])
    where TEvent : IEvent
    where THandler : class, IHandle<TEvent>
    where TDb : ModuleDb
{
    public override bool TakesMany => false;

    public override bool Wants(IEvent happened) => base.Wants(happened) && (Condition is null || Condition((TEvent)happened));

    public override async Task Deliver(IServiceProvider scope, IReadOnlyList<Delivery> events, DateTimeOffset now, CancellationToken ct)
    {
        var db = scope.GetRequiredService<TDb>();
        foreach (var one in await Receipt(db, events, events.Where(e => !e.IsFirst), now, ct)) // of one that was never claimed there is no receipt
            await scope.GetRequiredService<THandler>().Handle((TEvent)one.Event.Happened, ct);
        await db.SaveChangesAsync(ct);
    }
}

internal sealed record ManyRegistration<THandler, TDb>(string Name, FrozenSet<Type> Events) : HandlerRegistration(Name, Events)
    where THandler : class, IHandleMany
    where TDb : ModuleDb
{
    public override bool TakesMany => true;

    public override async Task Deliver(IServiceProvider scope, IReadOnlyList<Delivery> events, DateTimeOffset now, CancellationToken ct)
    {
        var db = scope.GetRequiredService<TDb>();
        var fresh = await Receipt(db, events, events, now, ct); // it may have taken any of them along with a later one
        if (fresh.Count == 0) return;
        await scope.GetRequiredService<THandler>().Handle([.. fresh.Select(e => e.Event)], ct);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Registers reactions to events.</summary>
public static class HandlerServices
{
    /// <typeparam name="TEvent">What happened.</typeparam>
    /// <typeparam name="THandler">Who reacts.</typeparam>
    /// <typeparam name="TDb">The module's database, saved after the handler ran.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name that receipts are stored under. It never changes: another name would handle old events again.</param>
    /// <param name="when">Tells, of the event as it is raised, whether it matters to the handler; null for always.</param>
    public static IServiceCollection AddHandler<TEvent, THandler, TDb>(this IServiceCollection services, string name, Func<TEvent, bool>? when = null)
        where TEvent : IEvent
        where THandler : class, IHandle<TEvent>
        where TDb : ModuleDb
    {
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new SingleRegistration<TEvent, THandler, TDb>(name, when));
    }

    /// <typeparam name="THandler">Who reacts, to all events that are due at once, in one save.</typeparam>
    /// <typeparam name="TDb">The module's database, saved after the handler ran.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name that receipts are stored under. It never changes: another name would handle old events again.</param>
    /// <param name="events">The types of the events.</param>
    public static IServiceCollection AddHandlerOfMany<THandler, TDb>(this IServiceCollection services, string name, IEnumerable<Type> events)
        where THandler : class, IHandleMany
        where TDb : ModuleDb
    {
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new ManyRegistration<THandler, TDb>(name, events.ToFrozenSet()));
    }
}
