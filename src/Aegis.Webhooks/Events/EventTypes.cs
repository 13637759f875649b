using System.Collections.Frozen;
using System.Reflection;

namespace Aegis.Webhooks.Events;

/// <summary>
/// Every event that endpoints can subscribe to, by name. <see cref="Publish"/> stores raised events and queues their deliveries; <see
/// cref="EventsController"/> lets clients poll them. <see cref="SubscriptionRights"/> decides what a caller may subscribe to, and <see
/// cref="EventBody"/> writes what is sent. An event without a description in <see cref="EventDescriptions"/> is never published.
/// </summary>
internal sealed class EventTypes
{
    /// <summary>Pattern that matches all events.</summary>
    public const string Everything = "*";

    public static readonly EventTypes Published = new();

    private readonly FrozenDictionary<string, EventType> byName;
    private readonly FrozenDictionary<Type, EventType> bySource;

    private EventTypes()
    {
        All = (from type in typeof(WebhookFailing).Assembly.GetTypes()
               let name = type.GetCustomAttribute<EventAttribute>()?.Name
               where name is not null && EventDescriptions.ByName.ContainsKey(name)
               orderby name
               select new EventType(type, name, EventDescriptions.ByName[name])).ToList();
        byName = All.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        bySource = All.ToFrozenDictionary(t => t.Source);
        Patterns = [Everything, .. All.Select(t => t.Name.Split('.')[0]).Distinct().Select(group => $"{group}.*")];
    }

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<EventType> All { get; }

    /// <summary>Patterns that match several events: <c>*</c>, <c>transfer.*</c> and so on.</summary>
    public IReadOnlyList<string> Patterns { get; }

    public EventType? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The published type of an event; null if it is not published.</summary>
    public EventType? Of(IEvent happened) => bySource.GetValueOrDefault(happened.GetType());

    /// <summary>Types that match a name or pattern; none if it is unknown.</summary>
    public IEnumerable<EventType> Matching(string pattern) => All.Where(t => Matches(pattern, t.Name));

    public static bool Matches(string pattern, string name) => pattern == Everything || pattern == name
        || (pattern.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
