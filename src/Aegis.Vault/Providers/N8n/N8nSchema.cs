namespace Aegis.Vault.Providers.N8n;

/// <summary>One member in the schema of a type.</summary>
/// <param name="Type">Its JSON Schema type, or a type name of n8n; null when the schema does not say.</param>
/// <param name="Words">The texts that it accepts; null when it accepts any.</param>
/// <param name="Default">The schema's own default, or null.</param>
internal sealed record N8nMember(string? Type, IReadOnlyList<string>? Words, JsonElement? Default);

/// <summary>The members that must and must not be present.</summary>
internal sealed record N8nBranch(IReadOnlyList<string> Required, IReadOnlyList<string> Forbidden)
{
    public static readonly N8nBranch Empty = new([], []);
}

/// <summary>A condition on one member: <c>if</c>, <c>then</c>, <c>else</c>.</summary>
/// <param name="Member">The member that decides.</param>
/// <param name="Test">The schema that its value is compared with.</param>
/// <param name="NeedsMember">True when the condition is false without the member. Otherwise it is true without it, as JSON Schema
/// defines.</param>
/// <param name="Then">What applies when it is true.</param>
/// <param name="Else">What applies when it is false.</param>
internal sealed record N8nCondition(string Member, JsonElement Test, bool NeedsMember, N8nBranch Then, N8nBranch Else)
{
    /// <summary>Whether a value meets it; null when it uses a keyword that Aegis does not evaluate, such as a pattern.</summary>
    public bool? Holds(JsonElement value) => Holds(Test, value);

    private static bool? Holds(JsonElement test, JsonElement value)
    {
        if (test.ValueKind is not JsonValueKind.Object) return null;
        var holds = true;
        foreach (var keyword in test.EnumerateObject())
        {
            bool? one = keyword.Name switch
            {
                "enum" when keyword.Value.ValueKind is JsonValueKind.Array =>
                    keyword.Value.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)),
                "const" => JsonElement.DeepEquals(keyword.Value, value),
                "not" => !Holds(keyword.Value, value),
                _ => null,
            };
            if (one is null) return null;
            holds &= one.Value;
        }

        return holds;
    }
}

/// <summary>
/// The schema by which n8n checks the data of a credential type, as far as Aegis reads it. It comes from a server that a customer chose: at
/// most 256 KB and sixteen levels are read, no <c>$ref</c> is followed and no <c>pattern</c> is evaluated.
/// </summary>
internal sealed class N8nSchema
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 16;
    private const int MaxMembers = 500;
    private const int MaxConditions = 200;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private N8nSchema(
        IReadOnlyDictionary<string, N8nMember> members, IReadOnlyList<string> required, IReadOnlyList<N8nCondition> conditions,
        bool isClosed) =>
        (Members, Required, Conditions, IsClosed) = (members, required, conditions, isClosed);

    public IReadOnlyDictionary<string, N8nMember> Members { get; }

    public IReadOnlyList<string> Required { get; }

    public IReadOnlyList<N8nCondition> Conditions { get; }

    /// <summary>True when no other members are accepted.</summary>
    public bool IsClosed { get; }

    /// <summary>Reads an answer of <c>GET /credentials/schema/{type}</c>; null when it is not a schema, or too large for Aegis.</summary>
    public static N8nSchema? Read(SafeResponse answer)
    {
        if (!N8nJson.IsText(answer.Body)) return null;
        try
        {
            var json = JsonElement.Parse(answer.Body, Strict);
            if (Object(json, "properties") is not { } properties) return null;
            var members = properties.EnumerateObject().ToDictionary(p => p.Name, p => Member(p.Value), StringComparer.Ordinal);
            var conditions = Parts(json).Select(Condition).OfType<N8nCondition>().ToList();
            if (members.Count > MaxMembers || conditions.Count > MaxConditions) return null;
            return new N8nSchema(members, Names(json, "required"), conditions,
                json.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static N8nMember Member(JsonElement schema)
    {
        if (schema.ValueKind is not JsonValueKind.Object) return new N8nMember(null, null, null);
        var words = schema.TryGetProperty("enum", out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Select(N8nJson.Read).OfType<string>().ToList()
            : null;
        var hasDefault = schema.TryGetProperty("default", out var value)
            && value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        return new N8nMember(schema.TryGetProperty("type", out var type) ? N8nJson.Read(type) : null, words, hasDefault ? value : null);
    }

    private static N8nCondition? Condition(JsonElement part)
    {
        if (Object(part, "if") is not { } condition || Object(condition, "properties") is not { } tested) return null;
        if (tested.EnumerateObject().ToList() is not [var member]) return null;
        if (condition.EnumerateObject().Any(k => k.Name is not ("properties" or "required" or "type"))) return null;
        return new N8nCondition(
            member.Name, member.Value, Names(condition, "required").Contains(member.Name, StringComparer.Ordinal), Branch(part, "then"),
            Branch(part, "else"));
    }

    private static N8nBranch Branch(JsonElement part, string name)
    {
        if (Object(part, name) is not { } branch) return N8nBranch.Empty;
        var parts = Parts(branch).Append(branch).ToList();
        return new N8nBranch(
            parts.SelectMany(p => Names(p, "required")).Distinct(StringComparer.Ordinal).ToList(),
            parts.Select(p => Object(p, "not")).OfType<JsonElement>().Select(n => Names(n, "required")).Where(n => n.Count == 1)
                .SelectMany(n => n)
                .Distinct(StringComparer.Ordinal).ToList());
    }

    private static IEnumerable<JsonElement> Parts(JsonElement schema) =>
        schema.TryGetProperty("allOf", out var all) && all.ValueKind is JsonValueKind.Array
            ? all.EnumerateArray().Where(p => p.ValueKind is JsonValueKind.Object)
            : [];

    private static JsonElement? Object(JsonElement schema, string name) =>
        schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object
            ? value
            : null;

    private static List<string> Names(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Select(N8nJson.Read).OfType<string>().ToList()
            : [];
}
