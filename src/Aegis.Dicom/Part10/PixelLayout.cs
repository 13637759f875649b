namespace Aegis.Dicom.Part10;

/// <summary>The position of the coded pixel data in the Part 10 file of one instance.</summary>
public sealed class PixelLayout
{
    private const int MaxParts = 16_384; // above it fragment headers count as pixels, so that memory stays bounded
    private const int ItemHeader = 8;

    private readonly List<(long From, long To)> parts = [];

    /// <summary>The pixel data without the basic offset table and fragment headers, ascending; empty when there is none.</summary>
    public IReadOnlyList<(long From, long To)> Parts => parts;

    /// <summary>Coded bytes: the native pixel data element, or all fragments together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of Frames (0028,0008), at least 1.</summary>
    public int Frames { get; private set; } = 1;

    /// <summary>Reads the header of an instance, and its fragment headers if it has any, but not the pixels.</summary>
    /// <param name="instance">A seekable Part 10 file.</param>
    /// <param name="ct">Cancels between two reads.</param>
    /// <exception cref="DicomException">The library cannot read the file.</exception>
    public static async Task<PixelLayout> Read(Stream instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var layout = new PixelLayout();
        using var window = new SourceWindow(instance);
        var meta = await FileMeta.Read(window, ct);
        using var dataSet = await DataSet.Open(window, meta.Syntax, ct);
        if (!ReferenceEquals(dataSet.Window, window)) return layout; // deflated: the pixels have no fixed position in the file

        var reader = new DicomReader(window, dataSet.Syntax);
        for (var token = await reader.Next(ct); token is not Token.End; token = await reader.Next(ct))
        {
            if (reader.Depth > 0) continue;
            if (token is Token.Element && reader.Tag is Tags.NumberOfFrames) layout.Frames = FramesOf((await reader.Value(ct)).Span);
            if (!IsPixelData(reader.Tag)) continue;
            if (token is Token.FragmentsStart)
                await layout.Walk(instance, window.Position, ct);
            else if (token is Token.Element)
                layout.Add(window.Position, window.Position + reader.Length);
            return layout;
        }

        return layout;
    }

    // Pixel Data, Float Pixel Data, Double Float Pixel Data: an instance has one of them (PS3.3 C.7.6.24, C.7.6.25).
    private static bool IsPixelData(uint tag) => tag is Tags.PixelData or 0x7FE0_0008 or 0x7FE0_0009;

    private static int FramesOf(ReadOnlySpan<byte> value) =>
        int.TryParse(Encoding.ASCII.GetString(value).Trim(' ', '\0'), NumberStyles.None, CultureInfo.InvariantCulture, out var frames)
            ? Math.Max(1, frames)
            : 1;

    // The first item is the basic offset table (PS3.5 A.4).
    private async Task Walk(Stream instance, long position, CancellationToken ct)
    {
        var header = new byte[ItemHeader];
        for (var item = 0; ; item++)
        {
            instance.Position = position;
            if (await instance.ReadAtLeastAsync(header, ItemHeader, throwOnEndOfStream: false, ct) < ItemHeader) return;
            var group = (uint)BinaryPrimitives.ReadUInt16LittleEndian(header);
            var tag = group << 16 | BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2));
            if (tag != Tags.Item) return;
            long length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
            position += ItemHeader;
            if (item > 0) Add(position, position + length);
            position += length;
        }
    }

    private void Add(long from, long to)
    {
        if (from == to) return;
        Bytes += to - from;
        if (parts.Count < MaxParts)
            parts.Add((from, to));
        else
            parts[^1] = (parts[^1].From, to);
    }
}
