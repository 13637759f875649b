using System.Security.Cryptography;
using System.Text;

namespace Aegis.Kernel.Sealing;

/// <summary>One key-encryption key of the ring.</summary>
/// <param name="Id">Sorts by age.</param>
/// <param name="Bytes">32 bytes.</param>
public sealed record KeyEncryptionKey(string Id, byte[] Bytes)
{
    public override string ToString() => $"{Id} ***";
}

/// <summary>Where key-encryption keys come from: a directory, the environment, or a key management service.</summary>
public interface IKeySource
{
    /// <summary>Id of the ring and its keys, oldest first; null when there is no ring yet.</summary>
    (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load();

    /// <summary>Makes a new ring with one key, or refuses when the source cannot be written.</summary>
    void Create(DateTimeOffset now);
}

/// <summary>The installation's key-encryption keys; the newest seals, all open.</summary>
public sealed class KeyRing(IKeySource source)
{
    private (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? loaded;

    public string Id => Loaded.RingId;

    public KeyEncryptionKey Newest => Loaded.Keys[^1];

    /// <summary>True when a ring is there to be loaded.</summary>
    public bool Exists => source.Load() is not null;

    public KeyEncryptionKey Find(string id) =>
        Loaded.Keys.FirstOrDefault(k => k.Id == id)
        ?? throw new CryptographicException($"The key ring has no key '{id}'. Restore the ring this database was written with.");

    public void Create(DateTimeOffset now) => source.Create(now);

    /// <summary>A key for one purpose, derived from the oldest key of the ring, so that it outlives rotation (HKDF-SHA256, RFC 5869).</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Loaded.Keys[0].Bytes, Envelope.KeySize, info: Encoding.UTF8.GetBytes($"aegis {purpose}"));

    private (string RingId, IReadOnlyList<KeyEncryptionKey> Keys) Loaded =>
        loaded ??= source.Load() ?? throw new InvalidOperationException("There is no key ring.");
}
