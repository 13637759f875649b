using System.Collections.Frozen;
using System.Reflection;

namespace Aegis.Webhooks.Events;

/// <summary>Every event that can be listened to, by name.</summary>
internal sealed class EventTypes
{
    /// <summary>All of them.</summary>
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

    /// <summary>Patterns that stand for several: <c>*</c> and <c>transfer.*</c>.</summary>
    public IReadOnlyList<string> Patterns { get; }

    public EventType? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>What it is told as, or null when it stays inside.</summary>
    public EventType? Of(IEvent happened) => bySource.GetValueOrDefault(happened.GetType());

    /// <summary>Those that a name or pattern stands for; none when it is unknown.</summary>
    public IEnumerable<EventType> Matching(string pattern) => All.Where(t => Matches(pattern, t.Name));

    public static bool Matches(string pattern, string name) => pattern == Everything || pattern == name
        || (pattern.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
