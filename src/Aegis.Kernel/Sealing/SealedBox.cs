namespace Aegis.Kernel.Sealing;

/// <summary>
/// The record that a sealed value belongs to. It is authenticated together with the value, so a value cannot be moved to another row.
/// </summary>
/// <param name="Table">Table or kind of record.</param>
/// <param name="Id">Id of the record.</param>
/// <param name="Version">Version of the record, 1 or more.</param>
public readonly record struct SealedFor(string Table, string Id, int Version = 1)
{
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Table}\n{Id}\n{Version}");
}

/// <summary>
/// Seals secrets for the database with AES-256-GCM. Each value has a random data key, which is sealed with the newest key of the ring
/// (envelope encryption). Layout: format (1) ‖ length of key id (1) ‖ key id ‖ sealed data key (60) ‖ sealed value.
/// <see cref="KeyRing"/> loads the key-encryption keys from an <see cref="IKeySource"/>: <see cref="DirectoryKeys"/> or <see
/// cref="EnvironmentKeys"/>. <see cref="Envelope"/> is the format of one AES-GCM message. <see cref="PrivateFile"/> and <see
/// cref="PrivateFolder"/> keep key files unreadable for others and durable; <see cref="RecoveryCopies"/> are for a lost ring. <see
/// cref="RootSecret"/> derives peppers and fingerprints. After a rotation, Rewrapping moves stored values to the newest key. Opening fails
/// if the value was changed, belongs to another record, or its key is missing.
/// </summary>
public sealed class SealedBox(KeyRing ring)
{
    private const byte Format = 1;
    private const int SealedKeySize = Envelope.KeySize + Envelope.Overhead;

    public byte[] Seal(ReadOnlySpan<byte> plaintext, SealedFor subject)
    {
        var associated = subject.ToBytes();
        var kek = ring.Newest;
        var dataKey = RandomNumberGenerator.GetBytes(Envelope.KeySize);
        try
        {
            return [.. Prefix(kek.Id), .. Envelope.Seal(kek.Bytes, dataKey, associated), .. Envelope.Seal(dataKey, plaintext, associated)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <exception cref="CryptographicException">The value was changed, belongs to another record, or its key is gone.</exception>
    public byte[] Open(ReadOnlySpan<byte> message, SealedFor subject)
    {
        var id = KeyIdOf(message);
        var associated = subject.ToBytes();
        var rest = message[(2 + message[1])..];
        var dataKey = Envelope.Open(ring.Find(id).Bytes, rest[..SealedKeySize], associated);
        try
        {
            return Envelope.Open(dataKey, rest[SealedKeySize..], associated);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>
    /// Seals the data key again with the newest key of the ring. The value itself is neither opened nor changed. Returns null when the
    /// value is already under that key.
    /// </summary>
    /// <exception cref="CryptographicException">The data key was changed, belongs to another record, or its key is gone.</exception>
    public byte[]? Rewrap(ReadOnlySpan<byte> message, SealedFor subject)
    {
        var id = KeyIdOf(message);
        var kek = ring.Newest;
        if (id == kek.Id) return null;

        var associated = subject.ToBytes();
        var rest = message[(2 + message[1])..];
        var dataKey = Envelope.Open(ring.Find(id).Bytes, rest[..SealedKeySize], associated);
        try
        {
            return [.. Prefix(kek.Id), .. Envelope.Seal(kek.Bytes, dataKey, associated), .. rest[SealedKeySize..]];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Returns the key id in the header of a sealed value.</summary>
    public static string KeyIdOf(ReadOnlySpan<byte> message) => IsSealed(message)
        ? Encoding.ASCII.GetString(message.Slice(2, message[1]))
        : throw new CryptographicException("A sealed value has an unknown format.");

    /// <summary>Whether the bytes have the format of a sealed value.</summary>
    internal static bool IsSealed(ReadOnlySpan<byte> message) =>
        message.Length >= 2 && message[0] == Format && message.Length >= 2 + message[1] + SealedKeySize;

    /// <summary>The first bytes of every value that is sealed under a key.</summary>
    internal static byte[] Prefix(string keyId) => [Format, (byte)keyId.Length, .. Encoding.ASCII.GetBytes(keyId)];

    public byte[] SealText(string plaintext, SealedFor subject) => Seal(Encoding.UTF8.GetBytes(plaintext), subject);

    public string OpenText(ReadOnlySpan<byte> message, SealedFor subject) => Encoding.UTF8.GetString(Open(message, subject));
}
