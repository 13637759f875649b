using System.Collections.Frozen;

namespace Aegis.Kernel.Events;

/// <summary>One handler class, the events that it handles and the database with its receipts.</summary>
/// <param name="Name">The name in its receipts.</param>
/// <param name="Handler">The handler class.</param>
/// <param name="Events">The event types that it handles.</param>
/// <param name="When">Called when an event is raised: true if the handler needs it. Null means always.</param>
internal abstract record HandlerRegistration(string Name, Type Handler, FrozenSet<Type> Events, Func<IEvent, bool>? When)
{
    /// <summary>True when the handler takes all due events in one call and one save.</summary>
    public virtual bool TakesMany => false;

    /// <summary>False when the handler does not need this event. An event that no handler needs is not stored.</summary>
    public bool Wants(IEvent happened) => Events.Contains(happened.GetType()) && (When is null || When(happened));

    /// <summary>Handles each event once. A second delivery finds the receipt and does nothing.</summary>
    public abstract Task Deliver(IServiceProvider scope, IReadOnlyList<EventDelivery> events, DateTimeOffset now, CancellationToken ct);

    /// <summary>Returns the events that have no receipt.</summary>
    /// <param name="db">The database with the receipts.</param>
    /// <param name="events">The events to handle.</param>
    /// <param name="doubtful">The events among them that may have been handled before.</param>
    /// <param name="ct">Stops the query.</param>
    protected async Task<IReadOnlyList<EventDelivery>> WithoutReceipt(
        ModuleDb db, IReadOnlyList<EventDelivery> events, IEnumerable<EventDelivery> doubtful, CancellationToken ct)
    {
        var ids = doubtful.Select(e => e.Event.Id).ToList();
        if (ids.Count == 0) return events;
        var handled = await db.Set<InboxRow>().Where(r => ids.Contains(r.EventId) && r.Handler == Name).Select(r => r.EventId)
            .ToListAsync(ct);
        return handled.Count == 0 ? events : [.. events.Where(e => !handled.Contains(e.Event.Id))];
    }

    /// <summary>Saves a receipt for each event, together with all other changes of the context.</summary>
    protected async Task SaveWithReceipts(ModuleDb db, IEnumerable<EventDelivery> events, DateTimeOffset now, CancellationToken ct)
    {
        db.AddRange(events.Select(e => new InboxRow { EventId = e.Event.Id, Handler = Name, HandledAt = now }));
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>An event to deliver.</summary>
/// <param name="Event">What happened.</param>
/// <param name="IsFirst">True when it was never claimed before, so no receipt can exist.</param>
internal sealed record EventDelivery(ToldEvent Event, bool IsFirst);

/// <summary>A handler that changes tracked rows. The rows and the receipt are one save.</summary>
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

/// <summary>A handler that takes many events at once and changes tracked rows. The rows and the receipts are one save.</summary>
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
        // an earlier call may have handled any of them together with a later event
        var fresh = await WithoutReceipt(db, events, events, ct);
        if (fresh.Count == 0) return;
        var handler = scope.GetRequiredService<THandler>();
        await HandlerCall.RefusingSaves(() => handler.Handle([.. fresh.Select(e => e.Event)], ct));
        await SaveWithReceipts(db, fresh, now, ct);
    }
}

/// <summary>
/// A handler that calls save, as often as it needs. The receipt is saved in a separate context after the handler has returned.
/// </summary>
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
            // A new context, so that changes that the handler left unsaved stay unsaved.
            await using var own = scope.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            await SaveWithReceipts(own.ServiceProvider.GetRequiredService<TDb>(), [one], now, ct);
        }
    }
}

/// <summary>The methods of one class that handle events, by event type.</summary>
internal sealed class HandleMethods
{
    private readonly FrozenDictionary<Type, MethodInfo> methods;

    private HandleMethods(IEnumerable<Type> contracts) =>
        methods = contracts.ToFrozenDictionary(c => c.GetGenericArguments()[0], c => c.GetMethod(nameof(IHandle<>.Handle))!);

    public FrozenSet<Type> Events => methods.Keys.ToFrozenSet();

    /// <summary>
    /// Returns the methods that implement <paramref name="contract"/>: the open generic type of IHandle or IHandleRepeatably.
    /// </summary>
    public static HandleMethods Of(Type handler, Type contract) =>
        new(handler.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == contract));

    public Task Call(object handler, IEvent happened, CancellationToken ct) =>
        (Task)methods[happened.GetType()].Invoke(handler, BindingFlags.DoNotWrapExceptions, binder: null, [happened, ct], culture: null)!;
}

/// <summary>Registers event handlers.</summary>
public static class HandlerServices
{
    /// <summary>Registers a class for every event that it handles.</summary>
    /// <typeparam name="THandler">Implements <see cref="IHandle{TEvent}"/> or <see cref="IHandleRepeatably{TEvent}"/>.</typeparam>
    /// <typeparam name="TDb">The module's database, which stores the receipts.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name in the receipts. It never changes: with another name old events would be handled again.</param>
    /// <param name="when">Called when an event is raised: true if the handler needs it. Null means always.</param>
    public static IServiceCollection AddHandler<THandler, TDb>(
        this IServiceCollection services, string name, Func<IEvent, bool>? when = null)
        where THandler : class
        where TDb : ModuleDb
    {
        var once = HandleMethods.Of(typeof(THandler), typeof(IHandle<>));
        var repeatable = HandleMethods.Of(typeof(THandler), typeof(IHandleRepeatably<>));
        if ((once.Events.Count == 0) == (repeatable.Events.Count == 0))
            throw new InvalidOperationException($"{typeof(THandler).Name} must implement either IHandle or IHandleRepeatably.");

        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(once.Events.Count > 0
            ? new SingleRegistration<THandler, TDb>(name, once, when)
            : new RepeatableRegistration<THandler, TDb>(name, repeatable, when));
    }

    /// <typeparam name="THandler">Handles all due events in one call and one save.</typeparam>
    /// <typeparam name="TDb">The module's database, saved after the handler has returned.</typeparam>
    /// <param name="services">The container.</param>
    /// <param name="name">The name in the receipts. It never changes: with another name old events would be handled again.</param>
    /// <param name="events">The event types that it handles.</param>
    public static IServiceCollection AddHandlerOfMany<THandler, TDb>(
        this IServiceCollection services, string name, IEnumerable<Type> events)
        where THandler : class, IHandleMany
        where TDb : ModuleDb
    {
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new ManyRegistration<THandler, TDb>(name, events.ToFrozenSet()));
    }
}
