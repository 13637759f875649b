using System.Collections.Frozen;

namespace Aegis.Kernel.Events;

/// <summary>The reaction of one class to some events, with the database that keeps its receipts.</summary>
/// <param name="Name">What its receipts are stored under.</param>
/// <param name="Handler">The class.</param>
/// <param name="Events">The types of the events that it handles.</param>
/// <param name="When">Tells, of an event as it is raised, whether it matters to the handler; null for always.</param>
internal abstract record HandlerRegistration(string Name, Type Handler, FrozenSet<Type> Events, Func<IEvent, bool>? When)
{
    /// <summary>True when the reaction takes all events that are due at once, in one save.</summary>
    public virtual bool TakesMany => false;

    /// <summary>False when this event changes nothing for the handler, so that it need not be stored for it.</summary>
    public bool Wants(IEvent happened) => Events.Contains(happened.GetType()) && (When is null || When(happened));

    /// <summary>Handles each event once; of a second delivery it finds the receipt and does nothing.</summary>
    public abstract Task Deliver(IServiceProvider scope, IReadOnlyList<EventDelivery> events, DateTimeOffset now, CancellationToken ct);

    /// <summary>Those without a receipt.</summary>
    /// <param name="db">The database that keeps the receipts.</param>
    /// <param name="events">What is to be handled.</param>
    /// <param name="doubtful">Those of them that may have been handled before.</param>
    /// <param name="ct">Stops the query.</param>
    protected async Task<IReadOnlyList<EventDelivery>> WithoutReceipt(
        ModuleDb db, IReadOnlyList<EventDelivery> events, IEnumerable<EventDelivery> doubtful, CancellationToken ct)
    {
        var asked = doubtful.Select(e => e.Event.Id).ToList();
        if (asked.Count == 0) return events;
        var had = await db.Set<InboxRow>().Where(r => asked.Contains(r.EventId) && r.Handler == Name).Select(r => r.EventId)
            .ToListAsync(ct);
        return had.Count == 0 ? events : [.. events.Where(e => !had.Contains(e.Event.Id))];
    }

    /// <summary>Saves a receipt for each event, with whatever the context holds.</summary>
    protected async Task SaveWithReceipts(ModuleDb db, IEnumerable<EventDelivery> events, DateTimeOffset now, CancellationToken ct)
    {
        db.AddRange(events.Select(e => new InboxRow { EventId = e.Event.Id, Handler = Name, HandledAt = now }));
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>An event on its way to its handlers.</summary>
/// <param name="Event">What happened.</param>
/// <param name="IsFirst">True when it was never claimed before, so that no receipt of it can exist.</param>
internal sealed record EventDelivery(ToldEvent Event, bool IsFirst);

/// <summary>The handler changes tracked rows; they and the receipt are one save.</summary>
internal sealed record SingleRegistration<THandler, TDb>(string Name, HandleMethods Methods, Func<IEvent, bool>? When)
    : HandlerRegistration(Name, typeof(THandler), Methods.Events, When)
    where THandler : class
    where TDb : ModuleDb
{
    public override async Task Deliver(
        IServiceProvider scope, IReadOnlyList<EventDelivery> events, DateTimeOffset now, CancellationToken ct)
    {
        var db = scope.GetRequiredService<TDb>();
        var fresh = await WithoutReceipt(db, events, events.Where(e => !e.IsFirst), ct);
        if (fresh.Count == 0) return;
        var handler = scope.GetRequiredService<THandler>();
        foreach (var one in fresh) await HandlerCall.RefusingSaves(() => Methods.Call(handler, one.Event.Happened, ct));
        await SaveWithReceipts(db, fresh, now, ct);
    }
}

/// <summary>The handler takes many events at once and changes tracked rows; they and the receipts are one save.</summary>
internal sealed record ManyRegistration<THandler, TDb>(string Name, FrozenSet<Type> Events)
    : HandlerRegistration(Name, typeof(THandler), Events, When: null)
    where THandler : class, IHandleMany
    where TDb : ModuleDb
{
    public override bool TakesMany => true;

    public override async Task Deliver(
        IServiceProvider scope, IReadOnlyList<EventDelivery> events, DateTimeOffset now, CancellationToken ct)
    {
        var db = scope.GetRequiredService<TDb>();
        var fresh = await WithoutReceipt(db, events, events, ct); // it may have taken any of them along with a later one
        if (fresh.Count == 0) return;
        var handler = scope.GetRequiredService<THandler>();
        await HandlerCall.RefusingSaves(() => handler.Handle([.. fresh.Select(e => e.Event)], ct));
        await SaveWithReceipts(db, fresh, now, ct);
    }
}

/// <summary>The handler saves by itself, as often as it likes; the receipt follows in a context of its own when it has returned.</summary>
internal sealed record RepeatableRegistration<THandler, TDb>(string Name, HandleMethods Methods, Func<IEvent, bool>? When)
    : HandlerRegistration(Name, typeof(THandler), Methods.Events, When)
    where THandler : class
    where TDb : ModuleDb
{
    public override async Task Deliver(
        IServiceProvider scope, IReadOnlyList<EventDelivery> events, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var one in await WithoutReceipt(scope.GetRequiredService<TDb>(), events, events.Where(e => !e.IsFirst), ct))
        {
            await Methods.Call(scope.GetRequiredService<THandler>(), one.Event.Happened, ct);
            // In a context that holds nothing else: what the handler left behind unsaved stays unsaved.
            await using var own = scope.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            await SaveWithReceipts(own.ServiceProvider.GetRequiredService<TDb>(), [one], now, ct);
        }
    }
}

/// <summary>The methods of one class that handle events, by the event's type.</summary>
internal sealed class HandleMethods
{
    private readonly FrozenDictionary<Type, MethodInfo> methods;

    private HandleMethods(IEnumerable<Type> contracts) =>
        methods = contracts.ToFrozenDictionary(c => c.GetGenericArguments()[0], c => c.GetMethod(nameof(IHandle<>.Handle))!);

    public FrozenSet<Type> Events => methods.Keys.ToFrozenSet();

    /// <summary>Those that implement <paramref name="contract"/>: IHandle or IHandleRepeatably, without its event.</summary>
    public static HandleMethods Of(Type handler, Type contract) =>
        new(handler.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == contract));

    public Task Call(object handler, IEvent happened, CancellationToken ct) =>
        (Task)methods[happened.GetType()].Invoke(handler, BindingFlags.DoNotWrapExceptions, binder: null, [happened, ct], culture: null)!;
}

/// <summary>Registers reactions to events.</summary>
public static class HandlerServices
{
    /// <summary>Registers a class for every event that it handles.</summary>
    /// <typeparam name="THandler">Reacts by <see cref="IHandle{TEvent}"/> or by <see cref="IHandleRepeatably{TEvent}"/>.</typeparam>
    /// <typeparam name="TDb">The module's database, which keeps the receipts.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name that receipts are stored under. It never changes: another name would handle old events again.</param>
    /// <param name="when">Tells, of the event as it is raised, whether it matters to the handler; null for always.</param>
    public static IServiceCollection AddHandler<THandler, TDb>(
        this IServiceCollection services, string name, Func<IEvent, bool>? when = null)
        where THandler : class
        where TDb : ModuleDb
    {
        var once = HandleMethods.Of(typeof(THandler), typeof(IHandle<>));
        var repeatable = HandleMethods.Of(typeof(THandler), typeof(IHandleRepeatably<>));
        if ((once.Events.Count == 0) == (repeatable.Events.Count == 0))
            throw new InvalidOperationException($"{typeof(THandler).Name} must handle its events by IHandle or by IHandleRepeatably.");

        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(once.Events.Count > 0
            ? new SingleRegistration<THandler, TDb>(name, once, when)
            : new RepeatableRegistration<THandler, TDb>(name, repeatable, when));
    }

    /// <typeparam name="THandler">The class that reacts to all events that are due at once, in one save.</typeparam>
    /// <typeparam name="TDb">The module's database, saved after the handler has returned.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name that receipts are stored under. It never changes: another name would handle old events again.</param>
    /// <param name="events">The types of the events.</param>
    public static IServiceCollection AddHandlerOfMany<THandler,
        TDb>(this IServiceCollection services, string name, IEnumerable<Type> events)
        where THandler : class, IHandleMany
        where TDb : ModuleDb
    {
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new ManyRegistration<THandler, TDb>(name, events.ToFrozenSet()));
    }
}
