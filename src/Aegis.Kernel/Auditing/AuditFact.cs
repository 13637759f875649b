using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace Aegis.Kernel.Auditing;

/// <summary>
/// One audit entry as it is stored. The Merkle leaf commits to its UTF-8 JSON bytes, so they are written once and never change. It contains
/// ids and codes, never a secret, a patient's name or a DICOM value.
/// </summary>
/// <param name="Id">Entry id, <c>log_…</c>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind"><c>call</c> or <c>event</c>.</param>
/// <param name="Action">An event name, or the method and route template of a call.</param>
/// <param name="Object">Id of the object that was made, changed or read; or null.</param>
/// <param name="Outcome"><c>success</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Code">The refusal's code, or null.</param>
/// <param name="Organizations">The organizations that may read the entry.</param>
/// <param name="Actor">Who did it; null for Aegis itself.</param>
/// <param name="Details">Further facts by name.</param>
public sealed record AuditFact(
    string Id,
    DateTimeOffset At,
    string Kind,
    string Action,
    string? Object,
    string Outcome,
    string? Code,
    IReadOnlyList<string> Organizations,
    AuditActor? Actor,
    IReadOnlyDictionary<string, JsonElement>? Details)
{
    public const string Call = "call";
    public const string Event = "event";
    public const string Success = "success";
    public const string Refused = "refused";
    public const string Failed = "failed";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The bytes to store.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    public static AuditFact FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<AuditFact>(bytes, Options) ?? throw new JsonException("An audit entry is empty.");
}

/// <summary>Who acted. Only the caller's own organization can see this.</summary>
/// <param name="Organization">Organization of the caller.</param>
/// <param name="Subject">Key or user id.</param>
/// <param name="Name">Name of the key or user.</param>
/// <param name="KeyId">The API key, or null.</param>
/// <param name="Address">Remote address, or null.</param>
/// <param name="RequestId">X-Request-Id of the call, or null.</param>
public sealed record AuditActor(
    string Organization, string Subject, string Name, string? KeyId, string? Address, string? RequestId)
{
    /// <summary>The caller of this request, or null when there is none.</summary>
    public static AuditActor? Of(HttpContext? context)
    {
        if (context?.FindCaller() is not { } caller) return null;
        return new AuditActor(
            caller.OrganizationId, caller.Subject, caller.Name, caller.KeyId,
            context.Connection.RemoteIpAddress?.ToString(), context.TraceIdentifier);
    }
}
