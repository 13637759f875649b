namespace Aegis.Kernel.Sealing;

/// <summary>
/// The installation's secret, from which peppers and fingerprints are derived. It is stored sealed in the database, so it outlives every
/// key of the ring and derives the same values after a rotation.
/// </summary>
public sealed class RootSecret
{
    public const int Size = 32;

    private byte[]? root;

    /// <summary>Derives a key for one purpose (HKDF-SHA256, RFC 5869).</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, root ?? throw new InvalidOperationException("The installation is not set up yet."), Envelope.KeySize,
        info: Encoding.UTF8.GetBytes($"aegis {purpose}"));

    /// <summary>Sets the root secret that was opened at startup.</summary>
    internal void Set(byte[] opened) => root = opened;
}
