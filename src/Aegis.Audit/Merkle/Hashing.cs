using System.Buffers.Binary;

namespace Aegis.Audit.Merkle;

/// <summary>The hashes of RFC 6962 §2.1, and the leaf format of this log.</summary>
internal static class Hashing
{
    /// <summary>Size of a hash in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Size of a leaf's data in bytes: the sequence and the commitment.</summary>
    public const int LeafDataLength = sizeof(long) + Length;

    // Different prefixes, so a leaf never hashes the same bytes as a node and neither can be passed off as the other.
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The root of an empty log.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    /// <summary>The part of a leaf that depends on the entry. Without the salt, nobody can guess the entry from it.</summary>
    public static byte[] Commitment(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>8-byte big-endian sequence ‖ commitment.</summary>
    public static byte[] LeafData(long sequence, ReadOnlySpan<byte> commitment)
    {
        var data = new byte[LeafDataLength];
        BinaryPrimitives.WriteInt64BigEndian(data, sequence);
        commitment.CopyTo(data.AsSpan(sizeof(long)));
        return data;
    }

    public static byte[] Leaf(ReadOnlySpan<byte> data)
    {
        var bytes = data.Length <= LeafDataLength ? stackalloc byte[1 + data.Length] : new byte[1 + data.Length];
        bytes[0] = LeafPrefix;
        data.CopyTo(bytes[1..]);
        return SHA256.HashData(bytes);
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> bytes = stackalloc byte[1 + Length + Length];
        bytes[0] = NodePrefix;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Length)..]);
        return SHA256.HashData(bytes);
    }
}
