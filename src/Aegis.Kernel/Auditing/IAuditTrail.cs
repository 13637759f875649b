namespace Aegis.Kernel.Auditing;

/// <summary>
/// Writes audit entries that are not part of a database change: calls, and the start and end of streams. The Audit module implements it.
/// </summary>
public interface IAuditTrail
{
    /// <summary>Returns once the entry is durable. Refuses with 503 <c>audit_unavailable</c> when it cannot be written.</summary>
    Task Write(AuditFact fact, CancellationToken ct);
}
