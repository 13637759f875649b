namespace Aegis.Dicom.Part10;

/// <summary>
/// Finds the end of an explicit VR element with an invalid representation (00 00, --, ??). Its length may have 16 or 32 bits. A length
/// is accepted when exactly one reading leads to a valid next element.
/// </summary>
internal static class InvalidRepresentation
{
    private const int ShortHeader = 8, LongHeader = 12, MaxLength = 64 << 10;

    /// <summary>Bytes of the element with its header; 0 when the length is ambiguous.</summary>
    /// <param name="window">Positioned at the element.</param>
    /// <param name="tag">Tag of the element.</param>
    /// <param name="bigEndian">Byte order of the file.</param>
    /// <param name="left">Bytes left in the item or sequence around the element.</param>
    /// <param name="ct">Cancels.</param>
    public static async ValueTask<int> Length(SourceWindow window, uint tag, bool bigEndian, long left, CancellationToken ct)
    {
        var found = 0;
        foreach (var length in await Readings(window, bigEndian, ct))
        {
            if (length > left || !await CanEnd(window, (int)length, tag, bigEndian, left, ct)) continue;
            if (found != 0 && found != length) return 0;
            found = (int)length;
        }
        return found;
    }

    private static async ValueTask<long[]> Readings(SourceWindow window, bool bigEndian, CancellationToken ct)
    {
        var isLong = await window.Has(LongHeader, ct);
        var head = window.Buffered;
        long shortLength = ShortHeader + ElementHeader.Length(head, isExplicit: true, bigEndian, isLong: false);
        if (!isLong || head[6] != 0 || head[7] != 0) return [shortLength];
        var longLength = LongHeader + (long)ElementHeader.Length(head, isExplicit: true, bigEndian, isLong: true);
        return longLength <= MaxLength ? [shortLength, longLength] : [shortLength];
    }

    private static async ValueTask<bool> CanEnd(SourceWindow window, int length, uint tag, bool bigEndian, long left, CancellationToken ct)
    {
        if (length == left) return await window.Has(length, ct);
        if (!await window.Has(length + ShortHeader, ct)) return window.Buffered.Length == length;
        var next = window.Buffered[length..];
        var nextTag = ElementHeader.Tag(next, bigEndian);
        return nextTag is Tags.ItemEnd || (nextTag > tag && nextTag < Tags.Item && VrTraits.IsStandard(next[4], next[5]));
    }
}
