using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Providers.Configuration;

/// <summary>One member of a configuration, with its JSON schema and its check in one type, so that they cannot differ.</summary>
/// <param name="Name">Wire name.</param>
/// <param name="Required">True when the configuration is invalid without it.</param>
/// <param name="IsSecret">True when it is stored sealed and never shown again.</param>
/// <param name="Description">One sentence for the person who fills it in.</param>
internal abstract record ConfigField(string Name, bool Required, bool IsSecret, string Description)
{
    /// <summary>Its JSON schema (draft 2020-12).</summary>
    public abstract JsonObject Schema();

    /// <summary>Adds a sentence for each error in the value.</summary>
    public abstract void Check(JsonNode value, string path, ConfigErrors errors);

    /// <summary>The value without null members, as it is stored; null when nothing is left.</summary>
    public virtual JsonNode? WithoutNulls(JsonNode value) => value.DeepClone();

    protected JsonObject Schema(string type)
    {
        var schema = new JsonObject { ["type"] = type, ["description"] = Description };
        if (IsSecret) schema["writeOnly"] = true;
        return schema;
    }
}

/// <summary>The errors of a configuration by wire path.</summary>
/// <param name="root">Wire path of the configuration itself, such as <c>provider_config</c>.</param>
internal sealed class ConfigErrors(string root)
{
    private readonly Dictionary<string, string[]> found = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Found => found;

    /// <summary>Members that the configuration does not have.</summary>
    public UnknownInput Unknown { get; } = new();

    public void Add(string path, string sentence) => found.TryAdd(path, [sentence]);

    /// <summary>Adds an error of a member, named from the configuration's root.</summary>
    public void AddMember(string member, string sentence) => Add($"{root}.{member}", sentence);
}

/// <summary>A text.</summary>
/// <param name="Name">Wire name.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Required">True when the configuration is invalid without it.</param>
/// <param name="IsSecret">True when it is stored sealed.</param>
/// <param name="MaxLength">In characters.</param>
/// <param name="Lines">True when it may contain line breaks and tabs.</param>
internal sealed record TextField(
    string Name, string Description, bool Required = false, bool IsSecret = false, int MaxLength = 500, bool Lines = false)
    : ConfigField(Name, Required, IsSecret, Description)
{
    public override JsonObject Schema()
    {
        var schema = Schema("string");
        schema["minLength"] = 1;
        schema["maxLength"] = MaxLength;
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        if (value.GetValueKind() is not JsonValueKind.String || value.GetValue<string>() is not { Length: > 0 } text
            || text.Length > MaxLength)
            errors.Add(path, $"{Name} must be a text of 1 to {MaxLength} characters.");
        else if (!IsSecret && text.Any(c => char.IsControl(c) && !(Lines && c is '\r' or '\n' or '\t')))
            errors.Add(path, $"{Name} must not contain control characters.");
    }
}

/// <summary>One text out of a list.</summary>
internal sealed record ChoiceField(string Name, string Description, IReadOnlyList<string> Words, bool Required = false)
    : ConfigField(Name, Required, false, Description)
{
    public override JsonObject Schema()
    {
        var schema = Schema("string");
        schema["enum"] = new JsonArray([.. Words.Select(w => JsonValue.Create(w))]);
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        if (value.GetValueKind() is not JsonValueKind.String || !Words.Contains(value.GetValue<string>(), StringComparer.Ordinal))
            errors.Add(path, $"{Name} must be one of {string.Join(", ", Words)}.");
    }
}

/// <summary>A whole number.</summary>
internal sealed record WholeField(string Name, string Description, int Min, int Max, bool Required = false)
    : ConfigField(Name, Required, false, Description)
{
    public override JsonObject Schema()
    {
        var schema = Schema("integer");
        schema["minimum"] = Min;
        schema["maximum"] = Max;
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        if (value.GetValueKind() is not JsonValueKind.Number || !value.AsValue().TryGetValue<int>(out var number) || number < Min
            || number > Max)
            errors.Add(path, $"{Name} must be a whole number from {Min} to {Max}.");
    }
}

/// <summary>True or false.</summary>
internal sealed record SwitchField(string Name, string Description) : ConfigField(Name, false, false, Description)
{
    public override JsonObject Schema() => Schema("boolean");

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        if (value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)) errors.Add(path, $"{Name} must be true or false.");
    }
}

/// <summary>Texts by name, such as HTTP headers.</summary>
internal sealed record TextMapField(string Name, string Description, bool IsSecret = false, int MaxCount = 20, int MaxLength = 2000)
    : ConfigField(Name, false, IsSecret, Description)
{
    private const int MaxNameLength = 100;

    public override JsonNode? WithoutNulls(JsonNode value) => JsonMapField.Members(value);

    public override JsonObject Schema()
    {
        var schema = Schema("object");
        schema["maxProperties"] = MaxCount;
        schema["additionalProperties"] = new JsonObject { ["type"] = "string", ["maxLength"] = MaxLength };
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        var fits = value is JsonObject map && map.Count <= MaxCount && map.All(m =>
            m.Key.Length is > 0 and <= MaxNameLength && m.Value?.GetValueKind() is JsonValueKind.String
                && m.Value.GetValue<string>().Length <= MaxLength);
        if (!fits) errors.Add(path, $"{Name} must be an object of at most {MaxCount} texts of at most {MaxLength} characters each.");
    }
}

/// <summary>Any JSON by name, for members whose form another system decides.</summary>
internal sealed record JsonMapField(string Name, string Description, bool IsSecret = false, int MaxCount = 50)
    : ConfigField(Name, false, IsSecret, Description)
{
    private const int MaxNameLength = 100;

    /// <summary>The members that are not null; null when there are none.</summary>
    public static JsonObject? Members(JsonNode value)
    {
        var members = new JsonObject();
        foreach (var (name, member) in value.AsObject())
        {
            if (member is not null) members[name] = member.DeepClone();
        }

        return members.Count > 0 ? members : null;
    }

    public override JsonNode? WithoutNulls(JsonNode value) => Members(value);

    public override JsonObject Schema()
    {
        var schema = Schema("object");
        schema["maxProperties"] = MaxCount;
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        if (value is not JsonObject map || map.Count > MaxCount || map.Any(m => m.Key.Length is 0 or > MaxNameLength))
            errors.Add(path, $"{Name} must be an object of at most {MaxCount} members with names of 1 to {MaxNameLength} characters.");
    }
}

/// <summary>A list of texts.</summary>
internal sealed record TextListField(string Name, string Description, int MaxCount = 20, int MaxLength = 500)
    : ConfigField(Name, false, false, Description)
{
    public override JsonObject Schema()
    {
        var schema = Schema("array");
        schema["maxItems"] = MaxCount;
        schema["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = MaxLength };
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        var fits = value is JsonArray list && list.Count <= MaxCount && list.All(i =>
            i?.GetValueKind() is JsonValueKind.String && i.GetValue<string>().Length is > 0 && i.GetValue<string>().Length <= MaxLength);
        if (!fits) errors.Add(path, $"{Name} must be a list of at most {MaxCount} texts of 1 to {MaxLength} characters each.");
    }
}

/// <summary>A list of whole numbers.</summary>
internal sealed record WholeListField(string Name, string Description, int Min, int Max, int MaxCount = 20)
    : ConfigField(Name, false, false, Description)
{
    public override JsonObject Schema()
    {
        var schema = Schema("array");
        schema["maxItems"] = MaxCount;
        schema["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = Min, ["maximum"] = Max };
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        var fits = value is JsonArray list && list.Count <= MaxCount && list.All(i =>
            i?.GetValueKind() is JsonValueKind.Number && i.AsValue().TryGetValue<int>(out var number) && number >= Min && number <= Max);
        if (!fits) errors.Add(path, $"{Name} must be a list of at most {MaxCount} whole numbers from {Min} to {Max}.");
    }
}

/// <summary>An object with known members.</summary>
internal sealed record ObjectField(string Name, string Description, IReadOnlyList<ConfigField> Fields, bool Required = false)
    : ConfigField(Name, Required, false, Description)
{
    public override JsonObject Schema()
    {
        var schema = ConfigShape.SchemaOf(Fields);
        schema["description"] = Description;
        return schema;
    }

    public override void Check(JsonNode value, string path, ConfigErrors errors)
    {
        if (value is JsonObject inner) ConfigShape.Check(Fields, inner, path, errors);
        else errors.Add(path, $"{Name} must be an object.");
    }
}
