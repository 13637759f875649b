using System.Security.Cryptography;
using System.Text;

namespace Aegis.Kernel.Sealing;

/// <summary>What a sealed value belongs to. It is authenticated with the value, so that no row can take another's place.</summary>
/// <param name="Table">Table or kind.</param>
/// <param name="Id">Id of the record.</param>
/// <param name="Version">Version of the record, 1 or more.</param>
public readonly record struct SealedFor(string Table, string Id, int Version = 1)
{
    internal byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Table}\n{Id}\n{Version}");
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
        var id = Encoding.ASCII.GetBytes(kek.Id);
        var dataKey = RandomNumberGenerator.GetBytes(Envelope.KeySize);
        try
        {
            return [Format, (byte)id.Length, .. id, .. Envelope.Seal(kek.Bytes, dataKey, associated), .. Envelope.Seal(dataKey, plaintext, associated)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <exception cref="CryptographicException">The value was changed, belongs to another record, or its key is gone.</exception>
    public byte[] Open(ReadOnlySpan<byte> message, SealedFor subject)
    {
        if (message.Length < 2 || message[0] != Format || message.Length < 2 + message[1] + SealedKeySize)
            throw new CryptographicException("A sealed value has an unknown format.");

        var associated = subject.ToBytes();
        var id = Encoding.ASCII.GetString(message.Slice(2, message[1]));
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

    public byte[] SealText(string plaintext, SealedFor subject) => Seal(Encoding.UTF8.GetBytes(plaintext), subject);

    public string OpenText(ReadOnlySpan<byte> message, SealedFor subject) => Encoding.UTF8.GetString(Open(message, subject));
}
