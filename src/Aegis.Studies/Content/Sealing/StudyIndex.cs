using System.Buffers.Binary;

namespace Aegis.Studies.Content.Sealing;

/// <summary>Where one instance lies in the plaintext of a study.</summary>
internal readonly record struct StudyInstance(long Offset, long Length, uint Crc32, int Series);

/// <summary>
/// What a study consists of, in the order it was received. Immutable, so that downloads share one.
/// Written behind the instances, little endian: per instance length (8), CRC-32 (4), series (4); then magic (8), count (8).
/// </summary>
internal sealed class StudyIndex
{
    public const int FooterSize = 16;
    private const int EntrySize = 16;
    private static ReadOnlySpan<byte> Magic => "AEGISIX1"u8;

    private readonly long[] ends;
    private readonly uint[] crcs;
    private readonly int[] series;

    /// <summary>Lengths, checksums and series; the offsets follow from the lengths.</summary>
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

    /// <summary>Bytes of all instances; the index itself begins here.</summary>
    public long PayloadLength => Count == 0 ? 0 : ends[^1];

    public long Size => (long)Count * EntrySize + FooterSize;

    public StudyInstance this[int i] => new(Start(i), ends[i] - Start(i), crcs[i], series[i]);

    /// <summary>Where instance <paramref name="i"/> begins; for <see cref="Count"/>, where the last one ends.</summary>
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

    /// <summary>How many bytes the index takes at the end of a plaintext; null when the footer is not one of ours.</summary>
    public static long? SizeFrom(ReadOnlySpan<byte> footer, long plaintextLength)
    {
        var count = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]);
        if (!footer[..8].SequenceEqual(Magic) || count < 0 || count > (plaintextLength - FooterSize) / EntrySize
            || count > Array.MaxLength / EntrySize)
            return null;

        return count * EntrySize + FooterSize;
    }

    /// <summary>Reads the bytes that <see cref="Pieces"/> wrote; null when they do not fit the payload before them.</summary>
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
