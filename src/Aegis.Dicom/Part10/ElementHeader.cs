namespace Aegis.Dicom.Part10;

/// <summary>Reads the header of an element or an item (PS3.5 7.1) in either byte order.</summary>
internal static class ElementHeader
{
    private const int ShortHeader = 8;

    public static uint Tag(ReadOnlySpan<byte> head, bool bigEndian) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(head)
        : (uint)BinaryPrimitives.ReadUInt16LittleEndian(head) << 16 | BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);

    public static uint Length(ReadOnlySpan<byte> head, bool isExplicit, bool bigEndian, bool isLong)
    {
        if (isExplicit && !isLong)
            return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head[6..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[6..]);
        var length = head[(isExplicit ? 8 : 4)..];
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
    }

    /// <summary>Length of an item in little endian, the byte order of fragments.</summary>
    public static uint ItemLength(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);

    /// <summary>
    /// Whether the bytes may be an element after the pixel data. Tags ascend, so a lower or impossible tag is not a truncated element but
    /// foreign data. Text never looks like a higher tag.
    /// </summary>
    public static bool MayFollowPixels(ReadOnlySpan<byte> head, bool isExplicit, bool bigEndian)
    {
        if (head.IndexOfAnyExcept((byte)0) < 0) return true; // the end, or zeros
        if (head.Length < ShortHeader) return false;
        var tag = Tag(head, bigEndian);
        if (tag <= Tags.PixelData) return tag == 0;
        return isExplicit ? VrTraits.IsStandard(head[4], head[5]) : Tags.IsPrivate(tag) || DataDictionary.Find(tag) is not null;
    }
}
