namespace Aegis.Tests.Dicom;

/// <summary>Files with pixels that readers can show.</summary>
internal static class Picture
{
    public static Part10File Described(
        string syntax, int rows, int columns, int allocated, int stored, int highBit, bool signed = false, int frames = 1) =>
        Part10File.Minimal(syntax).Add(0x00280002, "US", [1, 0]).Add(0x00280004, "CS", "MONOCHROME2").Add(0x00280008, "IS", $"{frames}")
            .Add(0x00280010, "US", Word(rows)).Add(0x00280011, "US", Word(columns)).Add(0x00280100, "US", Word(allocated))
            .Add(0x00280101, "US", Word(stored)).Add(0x00280102, "US", Word(highBit)).Add(0x00280103, "US", Word(signed ? 1 : 0));

    public static byte[] Words(params int[] words) => [.. words.SelectMany(x => Word(x))];

    public static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];

    /// <summary>A JPEG with markers and a scan that decodes to nothing. The interoperability tests use real decoders.</summary>
    public static byte[] Jpeg(params byte[][] segments) =>
        [0xFF, 0xD8, .. segments.SelectMany(x => x), 0xFF, 0xC0, 0, 4, 8, 0, .. Scan, 0xFF, 0xD9];

    public static readonly byte[] Scan = [0xFF, 0xDA, 0, 3, 1, 1, 2, 3, 0xFF, 0, 4, 0xFF, 0xD0, 5];

    public static byte[] Segment(byte marker, string text) =>
        [0xFF, marker, (byte)((text.Length + 2) >> 8), (byte)(text.Length + 2), .. System.Text.Encoding.Latin1.GetBytes(text)];
}
