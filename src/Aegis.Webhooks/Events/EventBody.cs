namespace Aegis.Webhooks.Events;

/// <summary>Body of a delivery, <c>{type,timestamp,data}</c>. Every attempt sends the same bytes.</summary>
internal static class EventBody
{
    public static string Write(string type, DateTimeOffset at, string data) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"type":"{{type}}","timestamp":"{{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}}","data":{{data}}}""");

    /// <summary>Body of a ping or a test. Its data is only the endpoint's id.</summary>
    public static string ForEndpoint(string type, DateTimeOffset at, string endpointId) => Write(type, at, $$"""{"id":"{{endpointId}}"}""");

    public static JsonObject Schema(string type, JsonObject members) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["required"] = new JsonArray("type", "timestamp", "data"),
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["const"] = type },
            ["timestamp"] = new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "When it happened." },
            ["data"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray([.. members.Select(m => JsonValue.Create(m.Key))]),
                ["properties"] = members,
            },
        },
    };
}
