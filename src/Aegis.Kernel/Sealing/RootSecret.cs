namespace Aegis.Kernel.Sealing;

/// <summary>
/// The secret of the installation from which peppers and fingerprints are derived. It lies sealed in the database, so it outlives every key
/// of the ring: what was derived yesterday is derived again tomorrow.
/// </summary>
public sealed class RootSecret
{
    public const int Size = 32;

    private byte[]? root;

    /// <summary>A key for one purpose (HKDF-SHA256, RFC 5869).</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, root ?? throw new InvalidOperationException("The installation has not begun."), Envelope.KeySize,
        info: Encoding.UTF8.GetBytes($"aegis {purpose}"));

    /// <summary>Takes what the start opened.</summary>
    internal void Take(byte[] opened) => root = opened;
}
