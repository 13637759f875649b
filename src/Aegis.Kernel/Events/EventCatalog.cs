using System.Collections.Frozen;

namespace Aegis.Kernel.Events;

/// <summary>The stable names of all events, and how events are written to rows and read from them.</summary>
public sealed class EventCatalog
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly FrozenDictionary<Type, string> names;
    private readonly FrozenDictionary<string, Type> types;

    /// <param name="assemblies">The assemblies that declare event records.</param>
    public EventCatalog(IEnumerable<Assembly> assemblies)
    {
        var found = assemblies.Distinct().SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false } && typeof(IEvent).IsAssignableFrom(t))
            .Select(t => (Type: t, Name: t.GetCustomAttribute<EventAttribute>()?.Name
                ?? throw new InvalidOperationException($"{t.Name} needs an [Event] name.")))
            .ToList();
        names = found.ToFrozenDictionary(x => x.Type, x => x.Name);
        types = found.ToFrozenDictionary(x => x.Name, x => x.Type);
    }

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<string> Names => types.Keys.Order(StringComparer.Ordinal).ToList();

    public string NameOf(Type type) => names[type];

    public static string Write(IEvent happened) => JsonSerializer.Serialize(happened, happened.GetType(), Options);

    /// <summary>Reads a stored event, or returns null when this version no longer knows its name.</summary>
    public IEvent? Read(string name, string body) =>
        types.TryGetValue(name, out var type) ? (IEvent?)JsonSerializer.Deserialize(body, type, Options) : null;
}
