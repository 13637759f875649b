namespace Aegis.Studies.Transfers;

/// <summary>What the consumer says it received.</summary>
internal sealed record Receipt(int Instances, long Bytes, string Sha256, DateTimeOffset At)
{
    public bool Says(int instances, long bytes, string sha256) => Instances == instances && Bytes == bytes && Sha256 == sha256;

    /// <summary>Instances and digest must be the ingested ones.</summary>
    public bool Matches(StoredStudy study) => Instances == study.Instances && Sha256 == study.Sha256;
}
