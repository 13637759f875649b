namespace Aegis.Sdk.Audit;

/// <summary>
/// What it takes to check without Aegis that an entry is in the log (RFC 6962); bytes are in base64. docs/evidence.md shows how.
/// </summary>
/// <param name="Id">log_….</param>
/// <param name="LeafIndex">Its place in the log, from 0 on.</param>
/// <param name="Entry">The entry's stored JSON, byte by byte; null for the other party's acts.</param>
/// <param name="Salt">32 bytes; null for the other party's acts.</param>
/// <param name="Commitment">SHA-256(salt ‖ entry).</param>
/// <param name="TreeSize">Size of the tree that the checkpoint signs.</param>
/// <param name="Path">The hashes beside the way from the leaf to the root, from below.</param>
/// <param name="Consistency">Where an earlier size was given: that this tree begins with the one of that size.</param>
/// <param name="Checkpoint">The signed note with the root.</param>
public sealed record AuditProof(
    string Id, long LeafIndex, string? Entry, string? Salt, string Commitment, long TreeSize, IReadOnlyList<string> Path,
    IReadOnlyList<string>? Consistency, string Checkpoint);

/// <summary>The keys that ever signed evidence, newest first.</summary>
public sealed record EvidenceKeys(IReadOnlyList<EvidenceKey> Keys);

/// <summary>One Ed25519 public key.</summary>
/// <param name="Id">evk_….</param>
/// <param name="Name">The name in signatures, which is the origin of the audit log.</param>
/// <param name="Algorithm"><c>Ed25519</c>.</param>
/// <param name="VerifierKey">As Go's note package and tools for transparency logs take it.</param>
/// <param name="PublicKey">32 bytes, base64.</param>
/// <param name="Pem">As OpenSSL takes it.</param>
/// <param name="Purposes">What it signs.</param>
/// <param name="CreatedAt">Since when it is published.</param>
/// <param name="SignsFrom">When it begins to sign.</param>
/// <param name="RetiredAt">When it ends to sign; what it signed before stays good.</param>
/// <param name="DistrustedAt">When it was said that its private half may be known to others.</param>
public sealed record EvidenceKey(
    string Id, string Name, string Algorithm, string VerifierKey, string PublicKey, string Pem, IReadOnlyList<string> Purposes,
    DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? RetiredAt, DateTimeOffset? DistrustedAt);
