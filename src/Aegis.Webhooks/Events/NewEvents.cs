using System.Collections.Concurrent;

namespace Aegis.Webhooks.Events;

/// <summary>Wakes waiting calls when this host has published an event of their organization.</summary>
internal sealed class NewEvents
{
    private readonly ConcurrentDictionary<string, Signal> signals = new(StringComparer.Ordinal);

    public void Announce(string organizationId)
    {
        if (signals.TryGetValue(organizationId, out var signal)) signal.Raise();
    }

    /// <summary>Completes with the next event. Get it before you query, or an event in between is missed.</summary>
    public Task Next(string organizationId) => signals.GetOrAdd(organizationId, _ => new Signal()).Next();
}
