using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Transfers;

/// <summary>What is known of the study that a transfer holds. It stays when the study is destroyed.</summary>
/// <param name="FileName">Name below the content folder.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="PayloadBytes">Bytes of all instances, without the archive's framing.</param>
/// <param name="SizeBytes">Length of the archive as it is served.</param>
/// <param name="Sha256">SHA-256 of the archive as it is served, lower-case hex.</param>
/// <param name="DeclaredSha256">SHA-256 over what was uploaded.</param>
/// <param name="KeyDay">The day whose key seals the file key.</param>
internal sealed record StoredStudy(
    string FileName, int Instances, long PayloadBytes, long SizeBytes, string Sha256, string DeclaredSha256, DateOnly KeyDay)
{
    /// <summary>The entity tag of the content (RFC 9110 §8.8.3).</summary>
    public string ETag => $"\"{Sha256}\"";

    public static StoredStudy Of(IngestedStudy study) => new(
        study.FileName, study.Instances, study.PayloadBytes, study.SizeBytes, study.Sha256, study.DeclaredSha256, study.KeyDay);
}

/// <summary>
/// The sealed key and the sealed metadata of one study: the row whose removal destroys the study. Apart from the transfer, so that
/// only those who open or serve it ever read it.
/// </summary>
internal sealed class StudyKey
{
    private StudyKey()
    {
    }

    public StudyKey(string transferId, byte[] sealedFileKey, byte[] sealedMetadata)
    {
        TransferId = transferId;
        SealedFileKey = sealedFileKey;
        SealedMetadata = sealedMetadata;
    }

    public string TransferId { get; private set; } = "";

    /// <summary>Sealed by the key of its day for ("content", transfer id).</summary>
    public byte[] SealedFileKey { get; private set; } = [];

    /// <summary>Sealed for ("metadata", transfer id).</summary>
    public byte[] SealedMetadata { get; private set; } = [];

    public static SealedFor Metadata(string transferId) => new("metadata", transferId);
}
