using System.Collections.Concurrent;

namespace Aegis.Webhooks.Events;

/// <summary>Wakes those who wait for events of an organization, as soon as this host has published one.</summary>
internal sealed class NewEvents
{
    private readonly ConcurrentDictionary<string, Signal> signals = new(StringComparer.Ordinal);

    public void Tell(string organizationId)
    {
        if (signals.TryGetValue(organizationId, out var signal)) signal.Raise();
    }

    /// <summary>Ends with the next event. Take it before looking.</summary>
    public Task Next(string organizationId) => signals.GetOrAdd(organizationId, _ => new Signal()).Next();
}
