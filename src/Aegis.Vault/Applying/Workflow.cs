namespace Aegis.Vault.Applying;

/// <summary>A workflow as n8n's public API returns and accepts it.</summary>
internal static class Workflow
{
    /// <summary>The settings that n8n 2.8.4 accepts. It keeps its other settings, and answers 400 when they are sent.</summary>
    private static readonly string[] Settings =
    [
        "saveExecutionProgress", "saveManualExecutions", "saveDataErrorExecution", "saveDataSuccessExecution", "executionTimeout",
        "errorWorkflow",
        "timezone", "executionOrder", "callerPolicy", "callerIds", "timeSavedPerExecution", "availableInMCP",
    ];

    /// <summary>
    /// The body of a PUT. It leaves staticData out on purpose: n8n would accept it, but it is the state of running triggers, and n8n keeps
    /// what is not sent.
    /// </summary>
    public static JsonObject Body(JsonObject workflow)
    {
        var settings = new JsonObject();
        if (workflow["settings"] is JsonObject present)
        {
            foreach (var name in Settings.Where(present.ContainsKey)) settings[name] = present[name]?.DeepClone();
        }

        return new JsonObject
        {
            ["name"] = workflow["name"]?.DeepClone(),
            ["nodes"] = workflow["nodes"]?.DeepClone(),
            ["connections"] = workflow["connections"]?.DeepClone() ?? new JsonObject(),
            ["settings"] = settings,
        };
    }

    /// <summary>
    /// Refuses an active workflow with unpublished changes: n8n publishes a replaced active workflow, and would publish unfinished work
    /// with it.
    /// </summary>
    public static void RequirePublished(JsonObject workflow)
    {
        var published = Text(workflow["activeVersion"] as JsonObject, "versionId") ?? Text(workflow, "activeVersionId");
        if (workflow["active"]?.GetValueKind() is System.Text.Json.JsonValueKind.True && published is not null
            && published != Text(workflow, "versionId"))
            throw Refuse.Conflict("workflow_unpublished",
                "The workflow has unpublished changes, which n8n would publish with this change. Publish or discard them in n8n first.");
    }

    /// <summary>True when nobody saved the workflow in between.</summary>
    public static bool SameVersion(JsonObject one, JsonObject other) =>
        Text(one, "versionId") == Text(other, "versionId") && Text(one, "updatedAt") == Text(other, "updatedAt") && Same(one, other);

    /// <summary>True when both do the same. n8n adds missing node ids and corrects names of credentials, which changes nothing.</summary>
    public static bool Same(JsonObject one, JsonObject other)
    {
        if (!JsonNode.DeepEquals(one["name"], other["name"]) || !JsonNode.DeepEquals(one["connections"], other["connections"]))
            return false;
        var (nodes, others) = (Nodes(one), Nodes(other));
        return nodes.Count == others.Count && nodes.Zip(others).All(pair => SameNode(pair.First, pair.Second));
    }

    public static IReadOnlyList<JsonObject> Nodes(JsonObject workflow) =>
        workflow["nodes"] is JsonArray nodes ? [.. nodes.OfType<JsonObject>()] : [];

    public static string? Text(JsonObject? from, string member) =>
        from?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool SameNode(JsonObject one, JsonObject other)
    {
        var (left, right) = (Bare(one), Bare(other));
        if (!left.ContainsKey("id") || !right.ContainsKey("id"))
        {
            left.Remove("id");
            right.Remove("id");
        }

        return JsonNode.DeepEquals(left, right);
    }

    /// <summary>The node with its credentials reduced to their ids.</summary>
    private static JsonObject Bare(JsonObject node)
    {
        var bare = node.DeepClone().AsObject();
        if (bare["credentials"] is not JsonObject credentials) return bare;
        var ids = new JsonObject();
        foreach (var (type, credential) in credentials.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (Text(credential as JsonObject, "id") is { } id) ids[type] = id;
        }

        bare["credentials"] = ids;
        return bare;
    }
}
