namespace Aegis.Dicom.Pixels;

/// <summary>Detects from the first bytes of a frame how it is compressed, whatever the label says.</summary>
internal static class Codestream
{
    /// <summary>How many bytes to inspect, so that a JPEG's frame header is found after its tables and comments.</summary>
    public const int HeadBytes = 32 << 10;

    private const string Prefix = "1.2.840.10008.1.2.";

    /// <summary>The transfer syntax of these bytes; null when they do not show it.</summary>
    public static TransferSyntax? Detect(ReadOnlySpan<byte> head)
    {
        var name = head switch
        {
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(head),
            [0xFF, 0x4F, 0xFF, 0x51, ..] => Jpeg2000(head),
            _ when head.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(head) is >= 1 and <= 15
                && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == 64 => "5",
            _ => null,
        };
        return name is null ? null : TransferSyntax.Find(Prefix + name);
    }

    /// <summary>The label names the same kind of codestream that was found.</summary>
    public static bool Agree(TransferSyntax label, TransferSyntax found) =>
        label.Uid == found.Uid || (FamilyOf(label) is { } family && family == FamilyOf(found));

    /// <summary>The cleaner for a syntax; null for video, JPEG XL and deflated frames, which are not inspected.</summary>
    public static CodestreamCleaner? Cleaner(TransferSyntax syntax, TransferSyntax? found, PixelFacts facts, UnusedBits? unused) =>
        FamilyOf(syntax) switch
        {
            "jpeg" =>
                new JpegCleaner(IsPlainJpeg(syntax) && found is not null && IsPlainJpeg(found),
                    found?.Uid is Prefix + "4.80" or Prefix + "4.81"),
            "jpeg2000" => new Jpeg2000Cleaner(),
            "rle" => facts.FrameBits > 0 ? new RleCleaner(facts) : null,
            "raw" => facts.FrameBits > 0 ? new RawFrameCleaner(facts, unused) : null,
            _ => null,
        };

    // Sequential or progressive, with Huffman codes or JPEG-LS. The other processes are retired, and their names are not reliable.
    private static bool IsPlainJpeg(TransferSyntax syntax) =>
        syntax.Uid[Prefix.Length..] is "4.50" or "4.51" or "4.57" or "4.70" or "4.80" or "4.81";

    private static string? FamilyOf(TransferSyntax syntax) => syntax.Uid[Prefix.Length..] switch
    {
        "5" => "rle",
        "1.98" => "raw",
        ['4', '.', '5' or '6' or '7', _] or "4.80" or "4.81" => "jpeg",
        "4.90" or "4.91" or "4.92" or "4.93" or "4.201" or "4.202" or "4.203" => "jpeg2000",
        _ => null,
    };

    private static string? Jpeg(ReadOnlySpan<byte> head)
    {
        string? name = null;
        for (var at = 2; at + 4 <= head.Length;)
        {
            var (code, length) = (head[at + 1], BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]));
            if (head[at] != 0xFF || code is 0 or 0xFF)
            {
                at++; // fill or foreign bytes between segments, which decoders skip too
                continue;
            }
            if (code == 0xDA) return Scan(name, head[(at + 4)..]);
            name = code switch { 0xC0 => "4.50", 0xC1 or 0xC2 => "4.51", 0xC3 => "4.57", 0xF7 => "4.81", _ => name };
            at += 2 + Math.Max((ushort)2, length);
        }
        return name;
    }

    // The scan header gives the predictor of lossless JPEG, and whether JPEG-LS may be lossy.
    private static string? Scan(string? name, ReadOnlySpan<byte> scan)
    {
        var parameter = scan.Length > 1 + 2 * scan[0] ? scan[1 + 2 * scan[0]] : (byte)0;
        return (name, parameter) switch { ("4.57", 1) => "4.70", ("4.81", 0) => "4.80", _ => name };
    }

    private static string Jpeg2000(ReadOnlySpan<byte> head)
    {
        var highThroughput = false;
        for (var at = 2; at + 4 <= head.Length && head[at] == 0xFF && head[at + 1] != 0x90;)
        {
            var (code, length) = (head[at + 1], BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]));
            highThroughput |= code == 0x50;
            if (code == 0x52 && at + 14 <= head.Length) // COD: the last parameter read here is the wavelet, 1 is reversible
                return (highThroughput, head[at + 13]) switch
                {
                    (true, 1) => "4.201",
                    (true, _) => "4.203",
                    (false, 1) =>
                    "4.90",
                    _ => "4.91"
                };
            at += 2 + Math.Max((ushort)2, length);
        }
        return highThroughput ? "4.203" : "4.91";
    }
}
