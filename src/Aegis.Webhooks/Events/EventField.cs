namespace Aegis.Webhooks.Events;

/// <summary>
/// A member of <c>data</c>. What is told outside is named here one by one: ids, words, counts and times, nothing of a patient and nothing
/// that people write.
/// </summary>
/// <param name="Name">Wire name.</param>
/// <param name="Type">JSON type.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Example">A value, as JSON.</param>
/// <param name="Format">Format of a text, or null.</param>
internal sealed record EventField(string Name, string Type, string Description, string Example, string? Format = null)
{
    /// <summary>By the name of the property of the event that holds it.</summary>
    public static readonly IReadOnlyDictionary<string, EventField> All = new Dictionary<string, EventField>(StringComparer.Ordinal)
    {
        ["ObjectId"] = new("id", "string", "The object it happened to.", "\"trf_01k5v2m8q3e9t7r4x6y1z0abcd\""),
        ["RequestId"] = new("requestId", "string", "The request that the transfer answers.", "\"req_01k5v2kzj4d8s6q3w5x0y9abcd\""),
        ["TransferId"] = new("transferId", "string", "The transfer that answers the request.", "\"trf_01k5v2m8q3e9t7r4x6y1z0abcd\""),
        ["ConsumerId"] = new("consumerId", "string", "The organization that asked.", "\"cons_456\""),
        ["ProviderId"] = new("providerId", "string", "The organization that was asked.", "\"prov_123\""),
        ["Reason"] = new("reason", "string", "A word that says why.", "\"window_end\""),
        ["By"] = new("by", "string", "A word that says who: a party's role, the window or the platform.", "\"window\""),
        ["Views"] = new("views", "integer", "Views so far.", "2"),
        ["Confirmed"] = new("confirmed", "array", "Codes of findings that the provider confirmed.", "[\"pixel_phi_risk\"]"),
        ["Name"] = new("name", "string", "The credential's name, by which its address is made.", "\"openai-key\""),
        ["Provider"] = new("provider", "string", "Where the credential belongs to.", "\"supabase\""),
        ["Fields"] = new("fields", "array", "Names of the members that changed.", "[\"description\"]"),
        ["Changes"] = new("changes", "array", "Words for what the listing changed.", "[\"missing\"]"),
        ["Version"] = new("version", "integer", "The version concerned.", "3"),
        ["RotationId"] = new("rotationId", "string", "The rotation.", "\"rot_01k5v2n7p2f0v8s5y7z2a1bcde\""),
        ["Trigger"] = new("trigger", "string", "Why it is rotated.", "\"scheduled\""),
        ["PreviousVersion"] = new("previousVersion", "integer", "The version before.", "2"),
        ["NewVersion"] = new("newVersion", "integer", "The version now.", "3"),
        ["FromVersion"] = new("fromVersion", "integer", "The version before.", "3"),
        ["ToVersion"] = new("toVersion", "integer", "The version now.", "2"),
        ["Code"] = new("code", "string", "A stable word that says why.", "\"target_failing\""),
        ["Healthy"] = new("healthy", "boolean", "Whether it works.", "true"),
        ["Kept"] = new("kept", "boolean", "Whether the copy is kept up to date.", "true"),
        ["ExpiresAt"] = new("expiresAt", "string", "When it ends.", "\"2026-03-01T00:00:00Z\"", "date-time"),
        ["Days"] = new("days", "integer", "Days of nothing but failure.", "3"),
    };

    /// <summary>Properties of events that stay inside, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Withheld = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Organizations"] = "the receiver knows whom it belongs to",
        ["Target"] = "names of nodes are written by people",
        ["OnBehalfOf"] = "names a person",
        ["Findings"] = "ids of what the provider confirmed, for the audit trail",
        ["FilesIgnored"] = "is shown with the transfer",
        ["HasCopy"] = "is known when it happens and not stored",
    };

    /// <summary>How often the object changed before and now; it grows with each event of one object.</summary>
    public static readonly EventField Sequence = new(
        "sequence", "integer", "1 for the first event of this object, 2 for the next: a lower one than you have seen is older.", "4");

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
