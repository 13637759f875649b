namespace Aegis.Studies.Transfers;

/// <summary>What the consumer says it received.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Bytes">Bytes of the content.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hex.</param>
/// <param name="At">When it was said.</param>
/// <param name="AuditEntry">Id of the audit entry of <c>transfer.acknowledged</c>; null for receipts older than signed ones.</param>
internal sealed record Receipt(int Instances, long Bytes, string Sha256, DateTimeOffset At, string? AuditEntry)
{
    public bool Says(int instances, long bytes, string sha256) => Instances == instances && Bytes == bytes && Sha256 == sha256;

    /// <summary>Instances and digest must be the ingested ones.</summary>
    public bool Matches(StoredStudy study) => Instances == study.Instances && Sha256 == study.Sha256;
}
