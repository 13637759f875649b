using Aegis.Kernel.Web.Validation;

namespace Aegis.Vault.Providers.Configuration;

/// <summary>
/// The members that a configuration may have. A shape checks a configuration, separates its secret members and writes its JSON schema.
/// </summary>
/// <param name="fields">The known members. Any other is refused, because a misspelt one would change what happens to a secret.</param>
/// <param name="checkTogether">Checks the members checkTogether; may be null.</param>
internal sealed class ConfigShape(IReadOnlyList<ConfigField> fields, Action<JsonObject, ConfigErrors>? checkTogether = null)
{
    /// <summary>The shape without members.</summary>
    public static readonly ConfigShape None = new([]);

    public IReadOnlyList<ConfigField> Fields => fields;

    public JsonObject Schema() => SchemaOf(fields);

    /// <summary>Refuses with 400 <c>unknown_member</c>, or <c>validation_failed</c> and a sentence for each member that is wrong.</summary>
    /// <param name="config">The configuration with its secret members.</param>
    /// <param name="path">Wire path of the configuration, such as <c>provider_config</c>.</param>
    public void Require(JsonObject config, string path)
    {
        var errors = new ConfigErrors(path);
        Check(fields, config, path, errors);
        errors.Unknown.Require();
        if (errors.Found.Count == 0) checkTogether?.Invoke(config, errors);
        if (errors.Found.Count > 0) throw Invalid.Fields(errors.Found);
    }

    /// <summary>The required members that are missing. Secret members are not checked.</summary>
    /// <param name="open">The configuration, with or without its secret members.</param>
    public IEnumerable<string> Missing(JsonObject open) =>
        fields.Where(f => f.Required && !f.IsSecret && open[f.Name] is null).Select(f => f.Name);

    /// <summary>Splits the configuration into its open and its secret members.</summary>
    public (JsonObject Open, JsonObject Secret) Split(JsonObject config) => Split(fields, config);

    /// <summary>
    /// Adds the secret members that were left out to what was sent. A member that was sent, even as <c>{}</c> or <c>null</c>, replaces all
    /// of its secret parts.
    /// </summary>
    public JsonObject Keep(JsonObject sent, JsonObject secret) => Keep(fields, sent, secret);

    /// <summary>The wire paths of the secret members that are set. Nothing else of them is shown.</summary>
    public IEnumerable<string> SecretPaths(JsonObject secret) => SecretPaths(fields, secret, "");

    /// <summary>The wire paths of the secret values that are set, down to the leaves of members with any JSON.</summary>
    public static IEnumerable<string> SecretValues(JsonObject secret) => Values(secret, "").Select(v => v.Path);

    /// <summary>
    /// True when a value was added or changed within a secret member of any JSON, such as <c>extra</c>. The meaning of such a value is
    /// unknown: it may be the address that the others are sent to.
    /// </summary>
    public bool ChangesUnknown(JsonObject before, JsonObject after)
    {
        var known = Unknown(fields, before, "").ToDictionary(v => v.Path, v => v.Value, StringComparer.Ordinal);
        return Unknown(fields, after, "").Any(v => !known.TryGetValue(v.Path, out var old) || !JsonNode.DeepEquals(old, v.Value));
    }

    /// <summary>Joins the two parts of one configuration.</summary>
    public static JsonObject Join(JsonObject open, JsonObject secret)
    {
        var joined = open.DeepClone().AsObject();
        foreach (var (name, value) in secret)
        {
            if (value is JsonObject inner && joined[name] is JsonObject outer) joined[name] = Join(outer, inner);
            else if (!joined.ContainsKey(name)) joined[name] = value?.DeepClone();
        }

        return joined;
    }

    internal static JsonObject SchemaOf(IReadOnlyList<ConfigField> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields) properties[field.Name] = field.Schema();
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (fields.Any(f => f.Required))
            schema["required"] = new JsonArray([.. fields.Where(f => f.Required).Select(f => JsonValue.Create(f.Name))]);
        return schema;
    }

    internal static void Check(IReadOnlyList<ConfigField> fields, JsonObject config, string path, ConfigErrors errors)
    {
        var (known, position) = (fields.Select(f => f.Name).ToList(), 0);
        var hint = fields.Count == 0 ? "This provider has no configuration." : $"Known members are {string.Join(", ", known)}.";
        foreach (var (name, value) in config)
        {
            position++;
            var field = fields.FirstOrDefault(f => f.Name == name);
            if (field is null) errors.Unknown.AddMember(path, name, position, known, [], isConfidential: false, hint: hint);
            else if (value is not null) field.Check(value, $"{path}.{name}", errors);
        }

        foreach (var missing in fields.Where(f => f.Required && config[f.Name] is null))
            errors.Add($"{path}.{missing.Name}", "This member is required.");
    }

    private static JsonObject Keep(IReadOnlyList<ConfigField> fields, JsonObject sent, JsonObject secret)
    {
        var kept = sent.DeepClone().AsObject();
        foreach (var field in fields)
        {
            if (field.IsSecret && !sent.ContainsKey(field.Name) && secret[field.Name] is { } value) kept[field.Name] = value.DeepClone();
            else if (field is ObjectField { Fields: var inner } && sent[field.Name] is JsonObject part
                && secret[field.Name] is JsonObject hidden)
                kept[field.Name] = Keep(inner, part, hidden);
        }

        return kept;
    }

    private static IEnumerable<string> SecretPaths(IReadOnlyList<ConfigField> fields, JsonObject secret, string prefix) =>
        secret.SelectMany(m =>
        m.Value is not JsonObject inner ? [$"{prefix}{m.Key}"]
        : fields.FirstOrDefault(f => f.Name == m.Key) is ObjectField field ? SecretPaths(field.Fields, inner, $"{prefix}{m.Key}.")
        : inner.Select(i => $"{prefix}{m.Key}.{i.Key}"));

    private static IEnumerable<(string Path, JsonNode? Value)> Unknown(
        IReadOnlyList<ConfigField> fields, JsonObject secret, string prefix) =>
        secret.Where(m => m.Value is JsonObject).SelectMany(m => fields.FirstOrDefault(f => f.Name == m.Key) is ObjectField field
            ? Unknown(field.Fields, m.Value!.AsObject(), $"{prefix}{m.Key}.")
            : Values(m.Value!.AsObject(), $"{prefix}{m.Key}."));

    private static IEnumerable<(string Path, JsonNode? Value)> Values(JsonObject within, string prefix) => within.SelectMany(m =>
        m.Value is JsonObject { Count: > 0 } inner ? Values(inner, $"{prefix}{m.Key}.") : [($"{prefix}{m.Key}", m.Value)]);

    private static (JsonObject Open, JsonObject Secret) Split(IReadOnlyList<ConfigField> fields, JsonObject config)
    {
        var (open, secret) = (new JsonObject(), new JsonObject());
        foreach (var (name, value) in config)
        {
            if (value is null) continue;
            var field = fields.First(f => f.Name == name);
            if (field.IsSecret)
            {
                if (field.WithoutNulls(value) is { } hidden) secret[name] = hidden;
            }
            else if (field is ObjectField inner)
            {
                var (openInner, secretInner) = Split(inner.Fields, value.AsObject());
                open[name] = openInner;
                if (secretInner.Count > 0) secret[name] = secretInner;
            }
            else
            {
                open[name] = value.DeepClone();
            }
        }

        return (open, secret);
    }
}
