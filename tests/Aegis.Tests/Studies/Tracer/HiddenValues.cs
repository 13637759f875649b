namespace Aegis.Tests.Studies.Tracer;

/// <summary>
/// Files with canaries where image viewers do not look: after, between and inside the pixels, and in values that look as if the standard
/// had defined them.
/// </summary>
internal static class HiddenValues
{
    private const string Mark = Canary.Mark;
    private const string Jpeg2000 = "1.2.840.10008.1.2.4.90", RunLengths = "1.2.840.10008.1.2.5";
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(Mark + " 1971 ");

    public static List<byte[]> All() =>
        [Native(), Overlay(), Jpeg(), JpegByAnyName(), TilesOfWavelets(), Runs(), Codes(), Identifiers(), Tables()];

    /// <summary>An invalid value that the picture needs, so that the file is refused.</summary>
    public static byte[] Needed() => Pictured(Part10File.Explicit, "7.1").Add(0x00280030, "DS", Mark.ToLowerInvariant()).Sent();

    /// <summary>Bits of the pixel words that belong neither to a pixel nor to an overlay.</summary>
    public static byte[] UndeclaredBits() => Pictured(Part10File.Explicit, "7.2").Add(0x7FE00010, "OW", Drawn(0x2000)).Sent();

    /// <summary>Pixel words of <see cref="Overlay"/> without the overlay.</summary>
    public static byte[] Undrawn() => Drawn(0);

    private static byte[] Native() => Pictured(Part10File.Explicit, "7.3").Add(0x7FE00001, "OV", Text).Add(0x7FE00002, "OV", Text)
        .Add(0x7FE00010, "OW", [.. Drawn(0), .. Text]).Sent();

    private static byte[] Overlay() => Pictured(Part10File.Explicit, "7.4").Add(0x60000100, "US", [16, 0]).Add(0x60000102, "US", [12, 0])
        .Add(0x7FE00010, "OW", Drawn(0x1000)).Sent();

    private static byte[] Jpeg() => Pictured(Part10File.Jpeg, "7.5").Fragments(Text, Compressed(), Text, Compressed()).Sent();

    // With a transfer syntax that declares uncompressed data.
    private static byte[] JpegByAnyName() => Pictured(Part10File.Explicit, "7.6").Fragments([], Compressed()).Sent();

    private static byte[] TilesOfWavelets()
    {
        byte[] comment = [0xFF, 0x64, 0, (byte)(4 + Text.Length), 0, 1, .. Text];
        byte[] codestream = [0xFF, 0x4F, 0xFF, 0x51, 0, 4, 0, 0, .. comment, 0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0,
            (byte)(14 + comment.Length + 2), 0, 1, .. comment, 0xFF, 0x93, 1, 2, 0xFF, 0xD9, .. Text];
        byte[] boxed = [0, 0, 0, 12, .. "jP  "u8, 13, 10, 0x87, 10, 0, 0, 0, (byte)(8 + Text.Length), .. "xml "u8, .. Text, 0, 0, 0, 0,
            .. "jp2c"u8, .. codestream];
        return Pictured(Jpeg2000, "7.7", frames: 2).Fragments([], codestream, Text, boxed).Sent();
    }

    private static byte[] Runs() => Pictured(RunLengths, "7.8").Fragments(
        [], [2, 0, 0, 0, 64, 0, 0, 0, (byte)(66 + Text.Length), 0, 0, 0, .. Encoding.ASCII.GetBytes(Mark.PadRight(52)), 249, 0, .. Text,
            249, 7, .. Text], Text).Sent();

    private static byte[] Codes()
    {
        var file = CanaryFiles.Identified(new Part10File(), "7.9").Add(0x00281055, "LO", Mark + " PORT @ 1230").Add(0x00283003, "LO", Mark);
        return file.Sequence(0x00082218, [.. ((string[])["C4", "SRT", "DCM", "SCT", "LN", "UCUM"]).SelectMany(scheme => new[]
        {
            file.Item().Add(0x00080100, "SH", "113040").Add(0x00080102, "SH", scheme).Add(0x00080103, "SH", Mark)
                .Add(0x00080104, "LO", Mark + " own words"),
            file.Item().Add(0x00080100, "SH", Mark).Add(0x00080102, "SH", scheme).Add(0x00080104, "LO", Mark),
            file.Item().Add(0x00080102, "SH", scheme).Add(0x00080104, "LO", Mark).Add(0x00080119, "UC", Mark)
                .Add(0x00080120, "UR", "urn:" + Mark),
        })]).Sent();
    }

    private static byte[] Identifiers()
    {
        var file = new Part10File().Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").Add(0x00080018, "UI", Canary.StandardRoot + "1")
            .Add(0x0020000D, "UI", Canary.UidRoot + "7.1")
            .Add(0x0020000E, "UI", Canary.StandardRoot + "2").Add(0x00200052, "UI", Canary.StandardRoot + "3")
            .Add(0x0008001B, "UI", Canary.StandardRoot + "4")
            .Add(0x00080005, "CS", Mark).Add(0x00080060, "CS", Mark).Add(0x00100020, "LO", Mark);
        return file.Sequence(0x00081140,
            file.Item().Add(0x00081150, "UI", Canary.StandardRoot + "5").Add(0x00081155, "UI", Canary.StandardRoot + "1")).Sent();
    }

    private static byte[] Tables()
    {
        var file = CanaryFiles.Identified(new Part10File(), "7.10").Add(0x00281101, "US", Picture.Words(2, 0, 16))
            .Add(0x00281201, "OW", [1, 0, 2, 0, .. Text])
            .Add(0x00281102, "US", Picture.Words(2, 0, 8)).Add(0x00281202, "US", [1, 2, .. Text]).Add(0x00281203, "OW", Text)
            .Add(0x00281103, "US", Picture.Words(2, 0, 16)).Add(0x00281223, "OW", [.. Picture.Words(0, 2, 7, 8), .. Text]);
        return file.Sequence(0x00283010,
            file.Item().Add(0x00283002, "US", Picture.Words(2, 0, 16)).Add(0x00283006, "OW", [1, 0, 2, 0, .. Text])).Sent();
    }

    private static byte[] Compressed() => [.. Picture.Jpeg(
        Picture.Segment(0xE0, "JFIF\0\u0001\u0002\0\0\u0001\0\u0001\0\0" + Mark), Picture.Segment(0xE0, "JFXX\0\u0010" + Mark),
        Picture.Segment(0xE1, "Exif\0\0" + Mark), Picture.Segment(0xED, Mark),
        Picture.Segment(0xE8, Mark), Picture.Segment(0xEE, Mark), Picture.Segment(0xFE, Mark), Picture.Segment(0xF3, Mark), Text), .. Text];

    // Twelve of sixteen bits belong to the picture.
    private static byte[] Drawn(int overlay) =>
        Picture.Words([.. Enumerable.Range(0, 8).Select(i => i * 311 & 0xFFF | (i % 3 == 0 ? overlay : 0))]);

    private static Part10File Pictured(string syntax, string number, int frames = 1) =>
        CanaryFiles.Identified(new Part10File(syntax), number)
        .Add(0x00280002, "US", [1, 0]).Add(0x00280004, "CS", "MONOCHROME2").Add(0x00280008, "IS", $"{frames}").Add(0x00280010, "US", [2, 0])
        .Add(0x00280011, "US", [4, 0])
        .Add(0x00280100, "US", [16, 0]).Add(0x00280101, "US", [12, 0]).Add(0x00280102, "US", [11, 0]).Add(0x00280103, "US", [0, 0]);
}
