using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.N8n;

/// <summary>
/// Finds the members that n8n requires and that are missing in the data. n8n checks only the data that is sent, not the data it has, so it
/// requires members of settings that are off. A switch that causes such a requirement is sent as <c>false</c>. Any other required member
/// could replace a working value, so it is reported to the user instead. Encryption is never switched off this way.
/// </summary>
internal sealed partial class N8nCompletion
{
    private const int MaxAsked = 12;
    private const int MaxSteps = 5_000;
    private static readonly JsonElement False = JsonElement.Parse("false");
    private static readonly JsonElement True = JsonElement.Parse("true");
    private static readonly JsonElement Blank = JsonElement.Parse("\"\"");
    private static readonly JsonElement Unknown = JsonElement.Parse("null"); // stands for a value that only the user knows
    private static readonly string[] KnownTypes = ["string", "number", "integer", "boolean", "object", "array", "null"];

    private readonly N8nSchema schema;
    private readonly Dictionary<string, JsonElement> data = new(StringComparer.Ordinal);
    private readonly List<string> filled = [];
    private readonly List<string> asked = [];
    private int steps;

    private N8nCompletion(N8nSchema schema, JsonObject given)
    {
        this.schema = schema;
        foreach (var (name, value) in given) data[name] = JsonSerializer.SerializeToElement(value);
    }

    /// <summary>Members that were filled, with their values.</summary>
    public JsonObject Filled { get; private init; } = [];

    /// <summary>Members that the user must supply, in display form.</summary>
    public IReadOnlyList<string> Asked { get; private init; } = [];

    /// <summary>Members of the data that the type does not have.</summary>
    public IReadOnlyList<string> Foreign { get; private init; } = [];

    /// <summary>The missing members; null when the schema does not say.</summary>
    public static N8nCompletion? Of(N8nSchema schema, JsonObject given)
    {
        var foreign = schema.IsClosed ? given.Select(m => m.Key).Where(m => !schema.Members.ContainsKey(m)).Select(Shown).ToList() : [];
        if (foreign.Count > 0) return new N8nCompletion(schema, given) { Foreign = foreign };
        for (var max = 0; max <= MaxAsked; max++)
        {
            var one = new N8nCompletion(schema, given);
            if (!one.Complete(max)) continue;
            var members = new JsonObject();
            foreach (var name in one.filled) members[name] = JsonNode.Parse(one.data[name].GetRawText());
            return new N8nCompletion(schema, given) { Filled = members, Asked = one.asked.Select(one.Describe).ToList() };
        }

        return null;
    }

    /// <summary>
    /// Repairs the first violation in each possible way, and then the next, until the data is valid. It asks the user for at most
    /// <paramref name="max"/> members.
    /// </summary>
    private bool Complete(int max)
    {
        if (++steps > MaxSteps) return false;
        if (schema.Required.FirstOrDefault(r => !data.ContainsKey(r)) is { } required) return AskUser(required, Unknown, max);
        foreach (var condition in schema.Conditions)
        {
            var isThere = data.TryGetValue(condition.Member, out var value);
            var holds = isThere ? value.ValueKind is JsonValueKind.Null ? false : condition.Holds(value) : !condition.NeedsMember;
            if (holds is null) continue;
            var branch = holds.Value ? condition.Then : condition.Else;
            var missing = branch.Required.FirstOrDefault(r => !data.ContainsKey(r));
            var isForbidden = branch.Forbidden.Any(data.ContainsKey);
            if (missing is null && !isForbidden) continue;
            return Repair(condition, holds.Value, isThere, isForbidden ? null : missing, max);
        }

        return true;
    }

    private bool Repair(N8nCondition condition, bool holds, bool isThere, string? missing, int max)
    {
        var switches = schema.Members.GetValueOrDefault(condition.Member);
        var isSwitch = switches?.Type is "boolean";
        if (!isThere && isSwitch && !Encryption().IsMatch(condition.Member) && condition.Holds(False) == !holds
            && Fill(condition.Member, False, max)) return true;
        if (missing is not null && Harmless(missing) is { } value && Fill(missing, value, max)) return true;
        if (!isThere && switches?.Words is { } words
            && words.Any(w => AskUser(condition.Member, JsonSerializer.SerializeToElement(w), max))) return true;
        if (missing is not null && AskUser(missing, Unknown, max)) return true;
        return !isThere && isSwitch && (AskUser(condition.Member, False, max) || AskUser(condition.Member, True, max));
    }

    /// <summary>A value for a member of a setting that replaces no working value; null when there is none.</summary>
    private JsonElement? Harmless(string name)
    {
        var member = schema.Members.GetValueOrDefault(name);
        if (member?.Default is { } value) return value;
        if (member?.Type is "boolean") return False;
        // notices and headings in n8n's form
        return member?.Type is { } type && !KnownTypes.Contains(type) && member.Words is null ? Blank : null;
    }

    private bool Fill(string name, JsonElement value, int max)
    {
        data[name] = value;
        filled.Add(name);
        if (Complete(max)) return true;
        filled.Remove(name);
        data.Remove(name);
        return false;
    }

    private bool AskUser(string name, JsonElement value, int max)
    {
        if (max == 0) return false;
        data[name] = value;
        asked.Add(name);
        if (Complete(max - 1)) return true;
        asked.Remove(name);
        data.Remove(name);
        return false;
    }

    private string Describe(string name)
    {
        var member = schema.Members.GetValueOrDefault(name);
        if (member?.Type is "boolean") return $"{Shown(name)} (true or false)";
        return member?.Words is { Count: > 0 and <= 8 } words ? $"{Shown(name)} ({string.Join(", ", words.Select(Shown))})" : Shown(name);
    }

    /// <summary>Shows only texts that look like names, because they come from another server.</summary>
    public static string Shown(string name) => NamePattern().IsMatch(name) ? name : "…";

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,60}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("ssl|tls|secure|verif|cert", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Encryption();
}
