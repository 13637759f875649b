namespace Aegis.Studies.Transfers;

/// <summary>The consumer's statement of what it received.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Bytes">Bytes of the archive, or total bytes of the instances.</param>
/// <param name="Sha256">SHA-256 of the archive, or over the sorted SHA-256 of the instances; lower-case hex.</param>
/// <param name="At">When it was given.</param>
/// <param name="AuditEntry">Id of the audit entry of <c>transfer.acknowledged</c>; null for receipts from before signed receipts.</param>
internal sealed record Receipt(int Instances, long Bytes, string Sha256, DateTimeOffset At, string? AuditEntry)
{
    public bool IsSame(int instances, long bytes, string sha256) => Instances == instances && Bytes == bytes && Sha256 == sha256;

    /// <summary>True when the instances and the digest, of the archive or of the instances, equal the ingested ones.</summary>
    public bool Matches(StoredStudy study) => Instances == study.Instances && (Sha256 == study.Sha256 || Sha256 == study.InstancesSha256);
}
