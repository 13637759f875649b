namespace Aegis.Kernel.Sealing;

/// <summary>What a sealed value belongs to. It is authenticated with the value, so that no row can take another's place.</summary>
/// <param name="Table">Table or kind.</param>
/// <param name="Id">Id of the record.</param>
/// <param name="Version">Version of the record, 1 or more.</param>
public readonly record struct SealedFor(string Table, string Id, int Version = 1)
{
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Table}\n{Id}\n{Version}");
}

/// <summary>
/// Seals secrets for the database: AES-256-GCM with a random data key for each value, the data key sealed by the newest key of the ring.
/// Layout: format (1) ‖ length of key id (1) ‖ key id ‖ sealed data key (60) ‖ sealed value.
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
    /// Seals the data key anew under the newest key of the ring. The value itself stays as it is and is not opened; null when it is under
    /// that key already.
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

    /// <summary>Id of the key that a value is sealed under, as it stands in front of it.</summary>
    public static string KeyIdOf(ReadOnlySpan<byte> message) => IsSealed(message)
        ? Encoding.ASCII.GetString(message.Slice(2, message[1]))
        : throw new CryptographicException("A sealed value has an unknown format.");

    /// <summary>Whether bytes have the form of a sealed value.</summary>
    internal static bool IsSealed(ReadOnlySpan<byte> message) =>
        message.Length >= 2 && message[0] == Format && message.Length >= 2 + message[1] + SealedKeySize;

    /// <summary>How every value begins that is sealed under a key.</summary>
    internal static byte[] Prefix(string keyId) => [Format, (byte)keyId.Length, .. Encoding.ASCII.GetBytes(keyId)];

    public byte[] SealText(string plaintext, SealedFor subject) => Seal(Encoding.UTF8.GetBytes(plaintext), subject);

    public string OpenText(ReadOnlySpan<byte> message, SealedFor subject) => Encoding.UTF8.GetString(Open(message, subject));
}
