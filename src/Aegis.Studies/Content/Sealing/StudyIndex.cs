using System.Buffers.Binary;

namespace Aegis.Studies.Content.Sealing;

/// <summary>The position of one instance in the plaintext of a study.</summary>
internal readonly record struct StudyInstance(long Offset, long Length, uint Crc32, int Series);

/// <summary>
/// The instances of a study, in the order they were received. It is immutable, so downloads can share one.
/// It is written after the instances, little endian: per instance length (8), CRC-32 (4), series (4); then magic (8), count (8).
/// </summary>
internal sealed class StudyIndex
{
    public const int FooterSize = 16;
    private const int EntrySize = 16;
    private static ReadOnlySpan<byte> Magic => "AEGISIX1"u8;

    private readonly long[] ends;
    private readonly uint[] crcs;
    private readonly int[] series;

    /// <summary>Takes lengths, checksums and series. The offsets follow from the lengths.</summary>
    public StudyIndex(IReadOnlyList<(long Length, uint Crc32, int Series)> instances)
    {
        ends = new long[instances.Count];
        crcs = new uint[instances.Count];
        series = new int[instances.Count];
        var end = 0L;
        for (var i = 0; i < instances.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(instances[i].Length, nameof(instances));
            ends[i] = end = checked(end + instances[i].Length);
            (crcs[i], series[i]) = (instances[i].Crc32, instances[i].Series);
        }
    }

    public int Count => ends.Length;

    /// <summary>The bytes of all instances together. The index starts at this offset.</summary>
    public long PayloadLength => Count == 0 ? 0 : ends[^1];

    public long Size => (long)Count * EntrySize + FooterSize;

    public StudyInstance this[int i] => new(Start(i), ends[i] - Start(i), crcs[i], series[i]);

    /// <summary>The offset at which instance <paramref name="i"/> begins; for <see cref="Count"/>, where the last one ends.</summary>
    public long Start(int i) => i == 0 ? 0 : ends[i - 1];

    /// <summary>The bytes of the index, in pieces that fit a small buffer.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        var piece = new byte[EntrySize];
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(piece, ends[i] - Start(i));
            BinaryPrimitives.WriteUInt32LittleEndian(piece.AsSpan(8), crcs[i]);
            BinaryPrimitives.WriteInt32LittleEndian(piece.AsSpan(12), series[i]);
            yield return piece;
        }

        Magic.CopyTo(piece);
        BinaryPrimitives.WriteInt64LittleEndian(piece.AsSpan(8), Count);
        yield return piece;
    }

    /// <summary>The bytes that the index takes at the end of a plaintext, or null when the footer is invalid.</summary>
    public static long? SizeFrom(ReadOnlySpan<byte> footer, long plaintextLength)
    {
        var count = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]);
        if (!footer[..8].SequenceEqual(Magic) || count < 0 || count > (plaintextLength - FooterSize) / EntrySize
            || count > Array.MaxLength / EntrySize)
            return null;

        return count * EntrySize + FooterSize;
    }

    /// <summary>Reads the bytes that <see cref="Pieces"/> wrote. Null when they do not match the length of the payload.</summary>
    public static StudyIndex? Read(ReadOnlySpan<byte> bytes, long payloadLength)
    {
        var instances = new (long Length, uint Crc32, int Series)[(bytes.Length - FooterSize) / EntrySize];
        var left = payloadLength;
        for (var i = 0; i < instances.Length; i++)
        {
            var entry = bytes.Slice(i * EntrySize, EntrySize);
            var length = BinaryPrimitives.ReadInt64LittleEndian(entry);
            if (length < 0 || length > left) return null;

            left -= length;
            instances[i] =
                (length, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]), BinaryPrimitives.ReadInt32LittleEndian(entry[12..]));
        }

        return left == 0 ? new StudyIndex(instances) : null;
    }
}
