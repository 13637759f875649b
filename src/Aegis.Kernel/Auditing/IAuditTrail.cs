namespace Aegis.Kernel.Auditing;

/// <summary>Writes entries that belong to no database change: calls, begins and ends of streams. Implemented by the Audit module.</summary>
public interface IAuditTrail
{
    /// <summary>Returns when the entry is durable; refuses with 503 <c>audit_unavailable</c> when it cannot be.</summary>
    Task Write(AuditFact fact, CancellationToken ct);
}
