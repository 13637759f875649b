using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Kernel.Events;

/// <summary>One reaction to one event, with the database that keeps its receipt.</summary>
internal abstract record HandlerRegistration(Type Event, string Name)
{
    /// <summary>Handles the event once; a second delivery finds the receipt and does nothing.</summary>
    public abstract Task Deliver(IServiceProvider scope, OutboxRow row, IEvent happened, DateTimeOffset now, CancellationToken ct);
}

internal sealed record HandlerRegistration<TEvent, THandler, TDb>() : HandlerRegistration(typeof(TEvent), typeof(THandler).Name)
    where TEvent : IEvent
    where THandler : class, IHandle<TEvent>
    where TDb : ModuleDb
{
    public override async Task Deliver(IServiceProvider scope, OutboxRow row, IEvent happened, DateTimeOffset now, CancellationToken ct)
    {
        var db = scope.GetRequiredService<TDb>();
        var eventId = row.Id;
        if (await db.Set<InboxRow>().AnyAsync(r => r.EventId == eventId && r.Handler == Name, ct)) return;

        scope.GetRequiredService<EventAtHand>().Take(eventId, row.OccurredAt);
        await scope.GetRequiredService<THandler>().Handle((TEvent)happened, ct);
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
    public static IServiceCollection AddHandler<TEvent, THandler, TDb>(this IServiceCollection services)
        where TEvent : IEvent
        where THandler : class, IHandle<TEvent>
        where TDb : ModuleDb
    {
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new HandlerRegistration<TEvent, THandler, TDb>());
    }
}
