using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.Fakes;

/// <summary>A credential in n8n.</summary>
internal sealed class N8nHeld
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Type { get; set; }

    public required JsonObject Data { get; set; }

    public required int Order { get; init; }
}

/// <summary>
/// A fake of n8n 2.8.4's public API, with its traps. Names repeat. A PATCH without isPartialData deletes members that were not sent. A PUT
/// accepts ids that do not exist and types that no node can use, replaces an unknown id by the only credential with that name and type,
/// refuses unknown members, merges settings, and publishes an active workflow again.
/// </summary>
internal sealed class N8nStandIn : IAsyncDisposable
{
    public const string Key = "n8n_api_c4nary_0f_the_c0nnection";
    private static readonly string[] Writable = ["name", "nodes", "connections", "settings", "staticData"];
    private static readonly string[] NodeMembers =
    [
        "id", "name", "webhookId", "disabled", "notesInFlow", "notes", "type", "typeVersion", "executeOnce", "alwaysOutputData",
        "retryOnFail", "maxTries",
        "waitBetweenTries", "continueOnFail", "onError", "position", "parameters", "credentials",
    ];

    private static readonly string[] SettingMembers =
    [
        "saveExecutionProgress", "saveManualExecutions", "saveDataErrorExecution", "saveDataSuccessExecution", "executionTimeout",
        "errorWorkflow", "timezone",
        "executionOrder", "callerPolicy", "callerIds", "timeSavedPerExecution", "availableInMCP",
    ];

    private readonly Lock gate = new();
    private readonly Dictionary<string, N8nHeld> credentials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> workflows = new(StringComparer.Ordinal);
    private StandIn service = null!; // set at the start
    private int count;

    public string Url => service.Url;

    public IReadOnlyList<Heard> Heard => service.Heard;

    /// <summary>Calls that this version lacks: their prefix and the status to answer.</summary>
    public Dictionary<string, int> Lacks { get; } = [];

    /// <summary>Runs before a call is answered. Returns true when it has answered.</summary>
    public Func<HttpContext, Heard, Task<bool>>? Before { get; set; }

    /// <summary>Changes the workflow that a PUT stores, after n8n has accepted it.</summary>
    public Action<JsonObject>? Distort { get; set; }

    /// <summary>The longest page, whatever is requested.</summary>
    public int MaxPerPage { get; set; } = 250;

    /// <summary>The schemas that check the data of each PATCH, whatever n8n has stored.</summary>
    public Dictionary<string, JsonObject> Schemas { get; } = new(N8nSchemas.ByType);

    /// <summary>Members that the data of a type must contain in each PATCH, although no schema says so.</summary>
    public Dictionary<string, string> Required { get; } = [];

    /// <summary>The published workflows, in order.</summary>
    public List<string> Published { get; } = [];

    public static async Task<N8nStandIn> Start()
    {
        var n8n = new N8nStandIn();
        n8n.service = await StandIn.Start(n8n.Answer);
        return n8n;
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    /// <summary>Adds a credential and returns its id.</summary>
    public string Hold(string name, string type = "httpHeaderAuth", string data = """{"name":"X-Key","value":"old"}""")
    {
        lock (gate)
        {
            var id = Number("cr");
            credentials[id] = new N8nHeld { Id = id, Name = name, Type = type, Data = JsonNode.Parse(data)!.AsObject(), Order = count };
            return id;
        }
    }

    public void Forget(string credentialId)
    {
        lock (gate) credentials.Remove(credentialId);
    }

    public N8nHeld Credential(string id)
    {
        lock (gate) return credentials[id];
    }

    /// <summary>Adds a workflow with these nodes and returns its id.</summary>
    public string Draw(string nodes, string? settings = null, bool active = false, string more = "{}")
    {
        lock (gate)
        {
            var id = Number("wf");
            var workflow = new JsonObject
            {
                ["id"] = id,
                ["name"] = $"Workflow {id}",
                ["nodes"] = JsonNode.Parse(nodes),
                ["connections"] = new JsonObject { ["Start"] = new JsonObject() },
                ["settings"] = JsonNode.Parse(settings ?? """{"executionOrder":"v1"}"""),
                ["staticData"] = new JsonObject { ["lastId"] = 7 },
                ["active"] = active,
                ["isArchived"] = false,
                ["shared"] = new JsonArray(),
                ["pinData"] = null,
            };
            foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) workflow[name] = value?.DeepClone();
            Save(workflow);
            if (active) Publish(workflow);
            Published.Clear();
            workflows[id] = workflow;
            return id;
        }
    }

    public JsonObject Workflow(string id)
    {
        lock (gate) return workflows[id].DeepClone().AsObject();
    }

    /// <summary>Edits the workflow as in n8n's editor. This does not publish an active one.</summary>
    public void Edit(string id, Action<JsonObject> change)
    {
        lock (gate)
        {
            change(workflows[id]);
            Save(workflows[id]);
        }
    }

    private async Task Answer(HttpContext context, Heard asked)
    {
        if (Before is { } before && await before(context, asked)) return;
        int status;
        JsonNode body;
        lock (gate) (status, body) = Answer(asked, context.Request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private (int Status, JsonNode Body) Answer(Heard asked, HttpRequest request)
    {
        if (Lacks.FirstOrDefault(l => asked.Line.StartsWith(l.Key, StringComparison.Ordinal)) is { Key: not null, Value: var status })
            return Error(status, "not found");
        if (asked.Headers.GetValueOrDefault("x-n8n-api-key") != Key) return Error(401, "unauthorized");
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ["api", "v1", _, ..]) return Error(404, "not found");
        return (request.Method, parts[2], parts.Length) switch
        {
            ("GET", "credentials", 3) => Page(request, credentials.Values.OrderByDescending(c => c.Order).Select(Listed).ToList()),
            ("GET", "credentials", 5) when parts[3] == "schema" =>
                Schemas.TryGetValue(parts[4], out var schema) ? (200, schema.DeepClone()) : Error(404, "Not Found"),
            ("PATCH", "credentials", 4) => Patch(parts[3], JsonNode.Parse(asked.Body)!.AsObject()),
            ("GET", "workflows", 3) => Page(request, workflows.Values.ToList()),
            ("GET", "workflows", 4) => workflows.TryGetValue(parts[3], out var found) ? (200, found.DeepClone()) : Error(404, "Not Found"),
            ("PUT", "workflows", 4) => Put(parts[3], JsonNode.Parse(asked.Body)!.AsObject()),
            _ => Error(405, $"{request.Method} method not allowed"),
        };
    }

    /// <summary>Pages by offset, newest first, so a deletion shifts later pages.</summary>
    private (int Status, JsonNode Body) Page(HttpRequest request, List<JsonObject> all)
    {
        var (offset, limit) =
            (0, Math.Min(int.Parse(request.Query["limit"].FirstOrDefault() ?? "100", CultureInfo.InvariantCulture), MaxPerPage));
        if (request.Query["cursor"].FirstOrDefault() is { } cursor)
        {
            var position = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(cursor)))!;
            (offset, limit) = (position["offset"]!.GetValue<int>(), position["limit"]!.GetValue<int>());
        }

        var more = all.Count > offset + limit;
        return (200, new JsonObject
        {
            ["data"] = new JsonArray([.. all.Skip(offset).Take(limit).Select(o => o.DeepClone())]),
            ["nextCursor"] =
                more ? Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"limit":{{limit}},"offset":{{offset + limit}}}""")) : null,
        });
    }

    private static JsonObject Listed(N8nHeld c) => new()
    {
        ["id"] = c.Id,
        ["name"] = c.Name,
        ["type"] = c.Type,
        ["createdAt"] = "2026-01-01T00:00:00.000Z",
        ["updatedAt"] = "2026-01-01T00:00:00.000Z",
        ["shared"] = new JsonArray(),
    };

    private (int Status, JsonNode Body) Patch(string id, JsonObject body)
    {
        if (!credentials.TryGetValue(id, out var held)) return Error(404, "Credential not found");
        var data = body["data"]!.DeepClone().AsObject();
        if (Required.TryGetValue(held.Type, out var required) && !data.ContainsKey(required))
            return Error(400, $"request.body.data requires property \"{required}\"");
        if (Schemas.TryGetValue(held.Type, out var schema) && !N8nSchemas.Takes(schema, data))
            return Error(400, "request.body.data requires property \"…\"");
        if (body["isPartialData"]?.GetValue<bool>() is true)
        {
            foreach (var (name, value) in data) held.Data[name] = value?.DeepClone();
        }
        else
        {
            held.Data = data;
        }

        return (200, Listed(held));
    }

    private (int Status, JsonNode Body) Put(string id, JsonObject body)
    {
        if (!workflows.TryGetValue(id, out var workflow)) return Error(404, "Not Found");
        if (body.Any(m => !Writable.Contains(m.Key))) return Error(400, "request/body must NOT have additional properties");
        if (new[] { "name", "nodes", "connections", "settings" }.Any(m => body[m] is null))
            return Error(400, "request/body must have required property");
        if (body["settings"]!.AsObject().Any(m => !SettingMembers.Contains(m.Key)))
            return Error(400, "request/body/settings must NOT have additional properties");
        if (body["nodes"]!.AsArray().Any(n => n!.AsObject().Any(m => !NodeMembers.Contains(m.Key))))
            return Error(400, "request/body/nodes must NOT have additional properties");
        if (workflow["isArchived"]!.GetValue<bool>()) return Error(400, "Cannot update an archived workflow.");

        foreach (var name in Writable.Where(body.ContainsKey))
        {
            if (name == "settings") foreach (var (setting, value) in body[name]!.AsObject()) workflow[name]![setting] = value?.DeepClone();
            else workflow[name] = body[name]?.DeepClone();
        }

        foreach (var node in workflow["nodes"]!.AsArray().OfType<JsonObject>()) Swap(node);
        Distort?.Invoke(workflow);
        Save(workflow);
        if (workflow["active"]!.GetValue<bool>()) Publish(workflow);
        return (200, workflow.DeepClone());
    }

    /// <summary>Replaces an unknown id by the only credential with that name and type, if there is one. Otherwise the id stays.</summary>
    private void Swap(JsonObject node)
    {
        foreach (var (type, named) in (node["credentials"] as JsonObject ?? []).ToList())
        {
            var (id, name) = (named!["id"]?.GetValue<string>() ?? "", named["name"]?.GetValue<string>());
            var known = credentials.GetValueOrDefault(id) is { } same && same.Type == type ? same : null;
            if (known is null && credentials.Values.Where(c => c.Name == name && c.Type == type).ToList() is [var only]) known = only;
            if (known is not null) node["credentials"]![type] = new JsonObject { ["id"] = known.Id, ["name"] = known.Name };
        }
    }

    private void Save(JsonObject workflow)
    {
        workflow["versionId"] = Number("v");
        workflow["updatedAt"] = $"2026-01-01T00:{count / 60:00}:{count % 60:00}.000Z";
    }

    private void Publish(JsonObject workflow)
    {
        workflow["activeVersion"] = new JsonObject { ["versionId"] = workflow["versionId"]!.GetValue<string>() };
        Published.Add(workflow["id"]!.GetValue<string>());
    }

    private string Number(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{++count:000000}Xy");

    private static (int Status, JsonNode Body) Error(int status, string message) => (status, new JsonObject { ["message"] = message });
}
