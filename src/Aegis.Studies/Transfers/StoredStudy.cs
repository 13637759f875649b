using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Transfers;

/// <summary>The facts about the study of a transfer. They stay when the study is destroyed.</summary>
/// <param name="FileName">Name of the file in the content folder.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="PayloadBytes">Bytes of all instances, without the archive's framing.</param>
/// <param name="SizeBytes">Length of the archive as it is served.</param>
/// <param name="Sha256">SHA-256 of the archive as it is served, lower-case hex.</param>
/// <param name="DeclaredSha256">SHA-256 over the sorted SHA-256 of the uploaded instances.</param>
/// <param name="KeyDay">The day whose key seals the file key.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of the instances as they are served; null in rows of release
/// 0.1.0.</param>
internal sealed record StoredStudy(
    string FileName, int Instances, long PayloadBytes, long SizeBytes, string Sha256, string DeclaredSha256, DateOnly KeyDay,
    string? InstancesSha256)
{
    /// <summary>The entity tag of the content (RFC 9110 §8.8.3).</summary>
    public string ETag => $"\"{Sha256}\"";

    /// <summary>Total bytes of the instances of <see cref="InstancesSha256"/>.</summary>
    public long? InstancesBytes => InstancesSha256 is null ? null : PayloadBytes;
}

/// <summary>
/// The sealed key and the sealed metadata of one study. Removing this row destroys the study. It is separate from the transfer, so that
/// it is read only to open or serve the study.
/// </summary>
internal sealed class StudyKey
{
    public StudyKey(string transferId, byte[] sealedFileKey, byte[] sealedMetadata, byte[]? countedBytes)
    {
        TransferId = transferId;
        SealedFileKey = sealedFileKey;
        SealedMetadata = sealedMetadata;
        CountedBytes = countedBytes;
    }

    public string TransferId { get; private set; } = "";

    /// <summary>Sealed by the key of its day for ("content", transfer id).</summary>
    public byte[] SealedFileKey { get; private set; } = [];

    /// <summary>Sealed for ("metadata", transfer id).</summary>
    public byte[] SealedMetadata { get; private set; } = [];

    /// <summary>
    /// The bytes that count for a view (<see cref="Metering.CountedBytes"/>); null for a study of 0.1.0 that was not read yet.
    /// </summary>
    public byte[]? CountedBytes { get; private set; }

    public void SetCounted(CountedBytes counted) => CountedBytes = counted.ToBytes();

    public static SealedFor Metadata(string transferId) => new("metadata", transferId);
}
