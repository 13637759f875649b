namespace Aegis.Vault.Providers.Api;

/// <summary>The shape of <c>provider_config</c> for the provider <c>api</c>.</summary>
internal static class ApiShape
{
    private static readonly string[] PathMembers =
        ["value_path", "handle_path", "expires_at_path", "quota_path", "items_path", "mark_path"];

    private static readonly Dictionary<string, string[]> Placeholders = new(StringComparer.Ordinal)
    {
        ["create"] = ["current", "mark", "name", "id"],
        ["set"] = ["value", "current", "handle", "name", "id"],
        ["test"] = ["value", "handle", "name", "id"],
        ["revoke"] = ["value", "current", "handle", "name", "id"],
        ["list"] = ["name", "id"],
    };

    public static readonly ConfigShape Shape = new(
        [
            Section("create", "Makes the provider create a value.", "POST",
                new TextField("value_path", "JSONPath of the value in the answer.", Required: true),
                new TextField("handle_path", "JSONPath of the provider's id of the value."),
                new TextField("expires_at_path", "JSONPath of the time when it expires: RFC 3339 or seconds since 1970.")),
            Section("set", "Sets a value at the provider.", "PUT"),
            Section("test", "Tests a value; it must not change anything.", "GET",
                new WholeListField("refused_status",
                    "Statuses that mean that the value does not authenticate; default 401 and 403.", 100, 599),
                new TextField("rate_limit_header", "Header with the number of calls left, if it has an unusual name.", MaxLength: 100),
                new TextField("quota_path", "JSONPath of the remaining quota.")),
            Section("revoke", "Revokes a value.", "DELETE"),
            Section("list", "Lists values, so that a value of an interrupted create is found by its {{mark}} and revoked.", "GET",
                new TextField("items_path", "JSONPath of the array of values.", Required: true),
                new TextField("handle_path", "JSONPath, within one of them, of the provider's id.", Required: true),
                new TextField("mark_path", "JSONPath, within one of them, of the text that begins with {{mark}}.", Required: true)),
            new SwitchField("generate", "Aegis makes a random value, and set sends it to the provider."),
            .. RandomValue.Fields,
            new SwitchField("keeps_old_value", "With generate: the old value still works at the provider until revoke ends it."),
        ],
        CheckTogether);

    /// <summary>The sections that are present in a configuration.</summary>
    public static IEnumerable<(string Name, JsonObject Section)> Sections(JsonObject config) =>
        Placeholders.Keys.Where(s => config[s] is JsonObject).Select(s => (s, config[s]!.AsObject()));

    private static ObjectField Section(string name, string description, string method, params ConfigField[] more) =>
        new(name, description, [.. CallTemplate.Fields(method), .. more]);

    private static void CheckTogether(JsonObject config, ConfigErrors errors)
    {
        foreach (var (name, section) in Sections(config))
        {
            CallTemplate.Check(section, name, Placeholders[name], errors);
            foreach (var member in PathMembers.Where(m => section[m] is { } path && JsonPath.Parse(path.GetValue<string>()) is null))
                errors.AddMember($"{name}.{member}", $"{member} must be a JSONPath that selects one node, such as $.data[0].key.");
        }

        var generates = config["generate"]?.GetValue<bool>() is true;
        if (generates && config["set"] is null) errors.AddMember("set", "generate requires set, which sends the value to the provider.");
        if (generates && config["create"] is not null)
            errors.AddMember("create", "Use either create or generate: the provider or Aegis makes the value.");
        if (!generates && config["create"] is null && config["set"] is not null)
            errors.AddMember("generate", "set requires create or generate, which make the value.");
        if (config["list"] is not null
            && (config["revoke"] is not JsonObject revoke || new CallTemplate(revoke).Mentions("value")
                || new CallTemplate(revoke).Mentions("current")))
            errors.AddMember("list",
                "list requires a revoke with {{handle}} and without {{value}} and {{current}}, because these are not known for listed "
                    + "values.");
        if (config["list"] is not null && !(config["create"] is JsonObject create && new CallTemplate(create).Mentions("mark")))
            errors.AddMember("list", "list requires a create that sends {{mark}}, by which a value is found again.");
        if (config["test"] is JsonObject test && !new CallTemplate(test).Mentions("value"))
            errors.AddMember("test", "test must send {{value}}: otherwise it does not test the value.");
    }
}
