using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Aegis.Kernel.Web.Input;

/// <summary>Knows which members a body may have, from the serializer's type information. Free-form objects may have any member.</summary>
internal sealed class BodyMembers(IOptions<JsonOptions> json)
{
    private const int MaxSuggestedDepth = 3;

    private readonly JsonSerializerOptions options = json.Value.JsonSerializerOptions;
    private readonly ConcurrentDictionary<Type, Known?> types = new();

    /// <summary>Adds the unknown members of a value to <paramref name="unknown"/>, at any depth.</summary>
    /// <param name="value">The value that was sent.</param>
    /// <param name="type">The type that it is read as.</param>
    /// <param name="path">Its wire path.</param>
    /// <param name="unknown">Collects the unknown members.</param>
    /// <param name="alsoKnown">Members of the outermost object that are checked elsewhere.</param>
    public void Check(JsonElement value, Type type, string path, UnknownInput unknown, Func<string, bool>? alsoKnown = null) =>
        Check(value, type, path, unknown, isConfidential: false, alsoKnown);

    /// <summary>The type's members by wire name; empty for free-form objects and types that are not objects.</summary>
    public IReadOnlyDictionary<string, Type> Of(Type type) => Find(type)?.Members ?? FrozenDictionary<string, Type>.Empty;

    /// <summary>Returns the inner type of an optional or nullable member.</summary>
    public static Type InnerType(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>)) type = type.GetGenericArguments()[0];
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private void Check(JsonElement value, Type type, string path, UnknownInput unknown, bool isConfidential, Func<string, bool>? alsoKnown)
    {
        if (Find(type) is not { } known) return;
        isConfidential |= known.IsConfidential;
        if (known.Element is { } element)
        {
            if (value.ValueKind is JsonValueKind.Array)
            {
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Check(item, element, $"{path}[{index++}]", unknown, isConfidential, alsoKnown: null);
            }
            else if (value.ValueKind is JsonValueKind.Object && known.IsMap)
            {
                foreach (var item in value.EnumerateObject())
                    Check(item.Value, element, $"{path}.*", unknown, isConfidential, alsoKnown: null);
            }

            return;
        }

        if (value.ValueKind is not JsonValueKind.Object) return;
        var position = 0;
        foreach (var member in value.EnumerateObject())
        {
            position++;
            if (known.Members.TryGetValue(member.Name, out var inner))
            {
                var innerPath = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                Check(member.Value, inner, innerPath, unknown, isConfidential, alsoKnown: null);
            }
            else if (alsoKnown?.Invoke(member.Name) is not true)
            {
                var elsewhere = known.Elsewhere.GetValueOrDefault(member.Name);
                unknown.AddMember(path, member.Name, position, known.Members.Keys, Below(known), isConfidential, elsewhere);
            }
        }
    }

    private IEnumerable<string> Below(Known known, string prefix = "", int depth = 1)
    {
        if (depth > MaxSuggestedDepth) yield break;
        foreach (var (name, type) in known.Members)
        {
            if (Find(type) is not { Element: null } inner) continue;
            foreach (var path in inner.Members.Keys) yield return $"{prefix}{name}.{path}";
            foreach (var path in Below(inner, $"{prefix}{name}.", depth + 1)) yield return path;
        }
    }

    private Known? Find(Type type) => types.GetOrAdd(InnerType(type), Describe);

    private Known? Describe(Type type)
    {
        var info = options.GetTypeInfo(type);
        if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
            return info.ElementType is null ? null : Known.Of(info.ElementType, info.Kind is JsonTypeInfoKind.Dictionary);
        if (info.Kind is not JsonTypeInfoKind.Object || info.Properties.Any(p => p.IsExtensionData)) return null;

        // Members without a setter, such as computed ones, are only in responses and are not read.
        var read = info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null);
        var names = options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var members = read.ToFrozenDictionary(p => p.Name, p => p.PropertyType, names);
        var elsewhere = type.GetCustomAttributes<SetElsewhereAttribute>()
            .ToFrozenDictionary(e => e.Member, e => e.Sentence, StringComparer.Ordinal);
        return new Known(members, elsewhere, type.IsDefined(typeof(ConfidentialInputAttribute)));
    }

    private sealed record Known(
        FrozenDictionary<string, Type> Members, FrozenDictionary<string, string> Elsewhere, bool IsConfidential,
        Type? Element = null, bool IsMap = false)
    {
        public static Known Of(Type element, bool isMap) =>
            new(FrozenDictionary<string, Type>.Empty, FrozenDictionary<string, string>.Empty, IsConfidential: false, element, isMap);
    }
}
