namespace Aegis.Webhooks.Events;

/// <summary>
/// A member of <c>data</c>. Only members listed here leave the installation: ids, codes, counts and times. Nothing about a patient and no
/// text written by people is included.
/// </summary>
/// <param name="Name">Name in JSON.</param>
/// <param name="Type">JSON type.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Example">An example value, as JSON.</param>
/// <param name="Format">Format of a string, or null.</param>
internal sealed record EventField(string Name, string Type, string Description, string Example, string? Format = null)
{
    /// <summary>Fields by the name of the event's property.</summary>
    public static readonly IReadOnlyDictionary<string, EventField> All = new Dictionary<string, EventField>(StringComparer.Ordinal)
    {
        ["ObjectId"] = new("id", "string", "The object it happened to.", "\"trf_01k5v2m8q3e9t7r4x6y1z0abcd\""),
        ["RequestId"] = new("requestId", "string", "The request that the transfer answers.", "\"req_01k5v2kzj4d8s6q3w5x0y9abcd\""),
        ["TransferId"] = new("transferId", "string", "The transfer that answers the request.", "\"trf_01k5v2m8q3e9t7r4x6y1z0abcd\""),
        ["ConsumerId"] = new("consumerId", "string", "The organization that asked.", "\"cons_456\""),
        ["ProviderId"] = new("providerId", "string", "The organization that was asked.", "\"prov_123\""),
        ["Reason"] = new("reason", "string", "Code of the reason.", "\"window_end\""),
        ["By"] = new("by", "string", "Who caused it: a party's role, the window or the platform.", "\"window\""),
        ["Views"] = new("views", "integer", "Number of views so far.", "2"),
        ["Confirmed"] = new("confirmed", "array", "Codes of findings that the provider confirmed.", "[\"pixel_phi_risk\"]"),
        ["Name"] = new("name", "string", "The credential's name, as used in its URL.", "\"openai-key\""),
        ["Provider"] = new("provider", "string", "The provider that the credential belongs to.", "\"supabase\""),
        ["Fields"] = new("fields", "array", "Names of the members that changed.", "[\"description\"]"),
        ["Changes"] = new("changes", "array", "Codes of the changes found in the provider's list.", "[\"missing\"]"),
        ["Version"] = new("version", "integer", "The version that the event is about.", "3"),
        ["RotationId"] = new("rotationId", "string", "The rotation.", "\"rot_01k5v2n7p2f0v8s5y7z2a1bcde\""),
        ["Trigger"] = new("trigger", "string", "What started the rotation.", "\"scheduled\""),
        ["PreviousVersion"] = new("previousVersion", "integer", "The previous version.", "2"),
        ["NewVersion"] = new("newVersion", "integer", "The current version.", "3"),
        ["FromVersion"] = new("fromVersion", "integer", "The previous version.", "3"),
        ["ToVersion"] = new("toVersion", "integer", "The current version.", "2"),
        ["Code"] = new("code", "string", "Code of the reason.", "\"target_failing\""),
        ["Healthy"] = new("healthy", "boolean", "Whether the credential works.", "true"),
        ["Kept"] = new("kept", "boolean", "Whether the copy is kept up to date.", "true"),
        ["ExpiresAt"] = new("expiresAt", "string", "When the credential expires.", "\"2026-03-01T00:00:00Z\"", "date-time"),
        ["Days"] = new("days", "integer", "Days for which every attempt failed.", "3"),
    };

    /// <summary>Properties of events that are not published, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Withheld = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Organizations"] = "the receiver knows whom it belongs to",
        ["Target"] = "node names are written by people",
        ["OnBehalfOf"] = "names a person",
        ["Findings"] = "ids of what the provider confirmed, for the audit trail",
        ["FilesIgnored"] = "is shown with the transfer",
        ["HasCopy"] = "known only when the event is raised, and not stored",
    };

    /// <summary>Number of this event among the events of its object.</summary>
    public static readonly EventField Sequence = new(
        "sequence", "integer", "Counts the events of this object from 1. An event with a lower number is older.", "4");

    public JsonObject Schema(bool nullable)
    {
        var schema = new JsonObject
        {
            ["type"] = nullable ? new JsonArray(Type, "null") : Type,
            ["description"] = Description,
        };
        if (Type == "array") schema["items"] = new JsonObject { ["type"] = "string" };
        if (Format is not null) schema["format"] = Format;
        return schema;
    }
}
