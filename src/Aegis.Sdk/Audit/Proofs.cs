namespace Aegis.Sdk.Audit;

/// <summary>
/// Everything needed to verify without Aegis that an entry is in the log (RFC 6962). Bytes are in base64. docs/evidence.md explains it.
/// </summary>
/// <param name="Id">log_….</param>
/// <param name="LeafIndex">Its index in the log, from 0.</param>
/// <param name="Entry">The entry's stored JSON, byte for byte; null for actions of the other party.</param>
/// <param name="Salt">32 bytes; null for actions of the other party.</param>
/// <param name="Commitment">SHA-256(salt ‖ entry).</param>
/// <param name="TreeSize">Size of the tree that the checkpoint signs.</param>
/// <param name="Path">The sibling hashes from the leaf to the root, from the bottom.</param>
/// <param name="Consistency">Proof that the tree of the given earlier size is a prefix of this tree; null when no size was given.</param>
/// <param name="Checkpoint">The signed note with the root.</param>
public sealed record AuditProof(
    string Id, long LeafIndex, string? Entry, string? Salt, string Commitment, long TreeSize, IReadOnlyList<string> Path,
    IReadOnlyList<string>? Consistency, string Checkpoint);

/// <summary>The keys that ever signed evidence, newest first.</summary>
public sealed record EvidenceKeys(IReadOnlyList<EvidenceKey> Keys);

/// <summary>One Ed25519 public key.</summary>
/// <param name="Id">evk_….</param>
/// <param name="Name">The name in signatures: the origin of the audit log.</param>
/// <param name="Algorithm"><c>Ed25519</c>.</param>
/// <param name="VerifierKey">In the format of Go's note package and transparency log tools.</param>
/// <param name="PublicKey">32 bytes, base64.</param>
/// <param name="Pem">In PEM, as OpenSSL reads it.</param>
/// <param name="Purposes">What it signs.</param>
/// <param name="CreatedAt">When it was published.</param>
/// <param name="SignsFrom">When it starts to sign.</param>
/// <param name="RetiredAt">When it stopped signing; its earlier signatures stay valid.</param>
/// <param name="DistrustedAt">When its private key was reported as possibly known to others.</param>
public sealed record EvidenceKey(
    string Id, string Name, string Algorithm, string VerifierKey, string PublicKey, string Pem, IReadOnlyList<string> Purposes,
    DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? RetiredAt, DateTimeOffset? DistrustedAt);
