using Aegis.Studies.Metering;

namespace Aegis.Studies.Transfers;

/// <summary>A study that is sealed on disk, read back, authenticated and digested.</summary>
/// <param name="FileName">Name below the content folder.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="PayloadBytes">Bytes of all instances together.</param>
/// <param name="SizeBytes">Length of the archive as it is served.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of the archive as it is served; its ETag.</param>
/// <param name="DeclaredSha256">SHA-256 over the sorted SHA-256 of the uploaded instances: a second fulfil with the same is the same.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of the instances as they are served.</param>
/// <param name="KeyDay">The day whose key seals the file key.</param>
/// <param name="SealedFileKey">The 16-byte file key, sealed for ("content", transfer id).</param>
/// <param name="SealedMetadata">De-identified metadata, sealed for ("metadata", transfer id).</param>
/// <param name="ViewRule">When it has been viewed.</param>
internal sealed record IngestedStudy(
    string FileName,
    int Instances,
    long PayloadBytes,
    long SizeBytes,
    string Sha256,
    string DeclaredSha256,
    string InstancesSha256,
    DateOnly KeyDay,
    byte[] SealedFileKey,
    byte[] SealedMetadata,
    ViewRule ViewRule);
