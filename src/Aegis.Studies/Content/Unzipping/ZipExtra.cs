using System.Buffers.Binary;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>Reads the zip64 sizes from the extra fields of an entry.</summary>
internal static class ZipExtra
{
    private const int FieldHeader = 4;
    private const ushort Zip64Tag = 0x0001;

    /// <summary>The real sizes. A field of 0xFFFFFFFF means that the value is in the zip64 record, in this order.</summary>
    public static (long Size, long CompressedSize) Sizes(ReadOnlySpan<byte> extra, long size, long compressed)
    {
        if (size != uint.MaxValue && compressed != uint.MaxValue) return (size, compressed);

        var record = Find(extra);
        if (size == uint.MaxValue)
            size = Take(ref record);
        if (compressed == uint.MaxValue)
            compressed = Take(ref record);
        return (size, compressed);
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= FieldHeader)
        {
            var tag = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            extra = extra[FieldHeader..];
            if (length > extra.Length) break;
            if (tag == Zip64Tag) return extra[..length];

            extra = extra[length..];
        }

        throw Missing();
    }

    private static long Take(ref ReadOnlySpan<byte> record)
    {
        if (record.Length < sizeof(long)) throw Missing();

        var value = BinaryPrimitives.ReadInt64LittleEndian(record);
        record = record[sizeof(long)..];
        return value >= 0 ? value : throw Missing();
    }

    private static ContentException Missing() => ZipRefusals.Invalid("the size of a large entry is missing");
}
