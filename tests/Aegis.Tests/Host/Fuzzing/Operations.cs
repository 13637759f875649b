namespace Aegis.Tests.Host.Fuzzing;

/// <summary>One operation: a method and a path, with its described input.</summary>
internal sealed record Operation(
    string Method, string Path, IReadOnlyList<string> ContentTypes, JsonElement? Body, IReadOnlyList<string> Query)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>All operations of the API description, and further addresses.</summary>
internal sealed class Operations
{
    private const int MaxDepth = 6;

    private static readonly (string Method, string Path)[] Others =
    [
        ("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/sign-in/code"), ("POST", "/sign-in/code"),
        ("GET", "/sign-in/external/callback"), ("POST", "/sign-out"), ("GET", "/invitation/{token}"), ("POST", "/invitation/{token}"),
        ("GET", "/settings"), ("POST", "/settings/api-keys/new"), ("GET", "/"), ("GET", "/swagger/index.html"),
        ("GET", "/swagger/v1/swagger.json"), ("GET", "/livez"), ("GET", "/readyz"), ("GET", "/assets/none"),
        ("GET", "/credentials/{name}"), ("GET", "/health"), ("GET", "/nothing/here"), ("POST", "/aegis.v1.Nothing/Here"),
    ];

    private readonly JsonElement schemas;

    public Operations(string description)
    {
        var root = JsonDocument.Parse(description).RootElement;
        schemas = root.GetProperty("components").GetProperty("schemas");
        var paths = root.GetProperty("paths").EnumerateObject();
        Described = [.. paths.SelectMany(p => p.Value.EnumerateObject().Select(o => From(p.Name, o)))];
        All = [.. Described, .. Others.Select(o => new Operation(o.Method, o.Path, [], null, []))];
    }

    public IReadOnlyList<Operation> Described { get; }

    public IReadOnlyList<Operation> All { get; }

    /// <summary>Returns a body that matches the schema, with text values from <paramref name="word"/>.</summary>
    public string Valid(JsonElement schema, Seeded random, Func<string> word) => Value(schema, random, word, 0);

    private static Operation From(string path, JsonProperty operation)
    {
        var content = operation.Value.TryGetProperty("requestBody", out var body)
            ? body.GetProperty("content").EnumerateObject().ToDictionary(c => c.Name, c => c.Value)
            : [];
        var isDescribed = content.TryGetValue("application/json", out var json) & json.ValueKind is JsonValueKind.Object;
        JsonElement? schema = isDescribed && json.TryGetProperty("schema", out var found) ? found : null;
        var parameters = operation.Value.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
        var query = parameters.Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!);
        return new Operation(operation.Name.ToUpperInvariant(), path, [.. content.Keys], schema, [.. query]);
    }

    private string Value(JsonElement schema, Seeded random, Func<string> word, int depth)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return depth > MaxDepth ? "{}" : Value(schemas.GetProperty(reference.GetString()!.Split('/')[^1]), random, word, depth + 1);
        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
        {
            if (schema.TryGetProperty(choice, out var choices) && choices.GetArrayLength() > 0)
                return Value(choices[random.Below(choices.GetArrayLength())], random, word, depth + 1);
        }

        if (schema.TryGetProperty("enum", out var words)) return words[random.Below(words.GetArrayLength())].GetRawText();
        if (schema.TryGetProperty("example", out var example) && random.Below(2) == 0) return example.GetRawText();
        return TypeOf(schema) switch
        {
            "object" => Members(schema, random, word, depth),
            "array" when depth <= MaxDepth && schema.TryGetProperty("items", out var items) => $"[{Value(items, random, word, depth + 1)}]",
            "array" => "[]",
            "integer" or "number" => $"{random.Below(100)}",
            "boolean" => random.Below(2) == 0 ? "true" : "false",
            _ => word(),
        };
    }

    private string Members(JsonElement schema, Seeded random, Func<string> word, int depth)
    {
        if (!schema.TryGetProperty("properties", out var members) || depth > MaxDepth) return "{\"a\":1}";
        var written = members.EnumerateObject()
            .Select(m => $"{JsonSerializer.Serialize(m.Name)}:{Value(m.Value, random, word, depth + 1)}");
        return "{" + string.Join(',', written) + "}";
    }

    private static string? TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind is JsonValueKind.Array ? type[0].GetString() : type.GetString();
}
