namespace Aegis.Studies.Transfers;

/// <summary>What the consumer says it received.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Bytes">Bytes of the archive, or of the instances together.</param>
/// <param name="Sha256">SHA-256 of the archive, or over the sorted SHA-256 of the instances; lower-case hex.</param>
/// <param name="At">When it was said.</param>
/// <param name="AuditEntry">Id of the audit entry of <c>transfer.acknowledged</c>; null for receipts older than signed ones.</param>
internal sealed record Receipt(int Instances, long Bytes, string Sha256, DateTimeOffset At, string? AuditEntry)
{
    public bool Says(int instances, long bytes, string sha256) => Instances == instances && Bytes == bytes && Sha256 == sha256;

    /// <summary>Instances and digest must be the ingested ones: of the archive, or of the instances.</summary>
    public bool Matches(StoredStudy study) => Instances == study.Instances && (Sha256 == study.Sha256 || Sha256 == study.InstancesSha256);
}
