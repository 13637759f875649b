using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aegis.Tests.Fakes;

/// <summary>A fake of the documented API key endpoints of Supabase's Management API, and of a project that checks its keys.</summary>
internal sealed partial class SupabaseStandIn : IAsyncDisposable
{
    public const string Reference = "abcdefghijklmnopqrst";
    private readonly List<JsonObject> keys = [];
    private StandIn service = null!;

    public string Url => service.Url;

    public IReadOnlyList<Heard> Heard => service.Heard;

    /// <summary>The names of the keys.</summary>
    public IEnumerable<string> Names => keys.Select(k => k["name"]!.GetValue<string>());

    /// <summary>True to lose the response to the next call after its work is done.</summary>
    public bool LoseNextAnswer { get; set; }

    public static async Task<SupabaseStandIn> Start()
    {
        var standIn = new SupabaseStandIn();
        standIn.service = await StandIn.Start(async (context, asked) =>
        {
            var (status, body) = standIn.Answer(asked);
            if (standIn.LoseNextAnswer)
            {
                standIn.LoseNextAnswer = false;
                context.Abort();
                return;
            }

            context.Response.StatusCode = status;
            if (body is not null)
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body.ToJsonString());
        });
        return standIn;
    }

    /// <summary>Adds a key as if made by hand.</summary>
    public string AddKey(string name)
    {
        var key = new JsonObject
        {
            ["id"] = $"id-{keys.Count + 1}",
            ["name"] = name,
            ["type"] = "secret",
            ["api_key"] = $"sb_secret_{name}_{keys.Count}",
            ["description"] = null
        };
        keys.Add(key);
        return key["api_key"]!.GetValue<string>();
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    private (int, JsonNode?) Answer(Heard asked)
    {
        if (asked.Line == "GET /rest/v1/")
            return (keys.Any(k => k["api_key"]!.GetValue<string>() == asked.Headers.GetValueOrDefault("apikey")) ? 200 : 401,
                new JsonObject());
        if (asked.Headers.GetValueOrDefault("authorization") != "Bearer sbp_token")
            return (401, new JsonObject { ["message"] = "Unauthorized" });
        var path = asked.Line.Split(' ')[1].Split('?')[0];
        var reveals = asked.Line.Contains("reveal=true", StringComparison.Ordinal);
        if (!path.StartsWith($"/v1/projects/{Reference}/api-keys", StringComparison.Ordinal)) return (404, null);
        if (asked.Line.StartsWith("DELETE", StringComparison.Ordinal))
            return (keys.RemoveAll(k => k["id"]!.GetValue<string>() == path.Split('/')[^1]) > 0 ? 200 : 404, new JsonObject());
        if (asked.Line.StartsWith("GET", StringComparison.Ordinal)) return (200, new JsonArray([.. keys.Select(k => Show(k, reveals))]));

        var wanted = JsonElement.Parse(asked.Body);
        var name = wanted.GetProperty("name").GetString()!;
        if (!Name().IsMatch(name) || wanted.GetProperty("type").GetString() != "secret")
            return (400, new JsonObject { ["message"] = "name" });
        AddKey(name);
        keys[^1]["description"] = wanted.GetProperty("description").GetString();
        return (201, Show(keys[^1], reveals));
    }

    private static JsonObject Show(JsonObject key, bool reveals)
    {
        var shown = key.DeepClone().AsObject();
        if (!reveals) shown["api_key"] = "sb_secret_···";
        return shown;
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{3,63}$")]
    private static partial Regex Name();
}
