using System.Buffers.Binary;
using System.IO.Compression;

namespace Aegis.Tests.Dicom;

/// <summary>Builds files byte by byte, independent of the tested writer, so that they can also be wrong.</summary>
internal sealed class Part10File(string syntax = Part10File.Explicit)
{
    public const string Explicit = "1.2.840.10008.1.2.1";
    public const string Implicit = "1.2.840.10008.1.2";
    public const string BigEndian = "1.2.840.10008.1.2.2";
    public const string Deflated = "1.2.840.10008.1.2.1.99";
    public const string Jpeg = "1.2.840.10008.1.2.4.50";
    public const uint Undefined = 0xFFFFFFFF;
    private static readonly string[] Long = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

    public string Syntax => syntax;

    private readonly List<(uint Tag, byte[] Bytes)> elements = [];
    private (uint Tag, byte[] Bytes)? @default;
    private bool asAdded;

    private bool IsExplicit => syntax != Implicit;

    private bool IsBig => syntax == BigEndian;

    /// <summary>A file with the attributes that every instance must have.</summary>
    public static Part10File Minimal(string syntax = Explicit) => new Part10File(syntax)
        .Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2")
        .Add(0x00080018, "UI", "1.2.3.4.5")
        .Add(0x0020000D, "UI", "1.2.3.4")
        .Add(0x0020000E, "UI", "1.2.3.4.1")
        .Default(0x00100020, "LO", "MRN-0042");

    public Part10File Add(uint tag, string vr, string value)
    {
        var bytes = Encoding.Latin1.GetBytes(value);
        return bytes.Length % 2 == 0 ? Add(tag, vr, bytes) : Add(tag, vr, [.. bytes, (byte)(vr == "UI" ? 0 : ' ')]);
    }

    public Part10File Add(uint tag, string vr, byte[] value) => AddRaw(tag, vr, (uint)value.Length, value);

    /// <summary>Adds a value that a later <see cref="Add(uint, string, string)"/> of the same tag replaces.</summary>
    public Part10File Default(uint tag, string vr, string value)
    {
        Add(tag, vr, value);
        @default = elements[^1];
        return this;
    }

    /// <summary>Adds an element with any length, true or false.</summary>
    public Part10File AddRaw(uint tag, string vr, uint length, byte[] value)
    {
        if (@default is { } initial && initial.Tag == tag) elements.Remove(initial);
        elements.Add((tag, [.. Header(tag, vr, length, IsExplicit, IsBig), .. value]));
        return this;
    }

    public Part10File Sequence(uint tag, params Part10File[] items) =>
        Add(tag, "SQ", [.. items.SelectMany(item => Framed(item, undefined: false))]);

    public Part10File OpenSequence(uint tag, params Part10File[] items) =>
        AddRaw(tag, "SQ", Undefined, [.. items.SelectMany(item => Framed(item, undefined: true)), .. Delimiter(0xFFFEE0DD, 0, IsBig)]);

    public Part10File Fragments(params byte[][] fragments) =>
        AddRaw(0x7FE00010, "OB", Undefined,
            [.. fragments.SelectMany(x => (byte[])[.. Delimiter(0xFFFEE000, (uint)x.Length), .. x]), .. Delimiter(0xFFFEE0DD, 0)]);

    /// <summary>An empty item in this file's syntax.</summary>
    public Part10File Item() => new(syntax);

    public Part10File InOrderAdded()
    {
        asAdded = true;
        return this;
    }

    public byte[] Body() => [.. elements.OrderBy(x => asAdded ? 0 : x.Tag).SelectMany(x => x.Bytes)]; // a stable sort

    /// <summary>The file's bytes. The transfer syntax in the file meta information may be a false label.</summary>
    public byte[] ToBytes(string preamble = "", string? label = null) =>
        [.. Head(label ?? syntax, preamble), .. syntax == Deflated ? Deflate(Body()) : Body()];

    public static byte[] Deflate(byte[] body)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal)) deflate.Write(body);
        return deflated.ToArray();
    }

    public static byte[] Head(string syntax, string preamble = "")
    {
        var meta = new Part10File()
            .Add(0x00020001, "OB", [0, 1])
            .Add(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2")
            .Add(0x00020003, "UI", "1.2.3.4.5")
            .Add(0x00020010, "UI", syntax)
            .Add(0x00020016, "AE", "SENDER_AE")
            .Add(0x00020102, "OB", Encoding.ASCII.GetBytes("private information!"))
            .Body();
        var length = new Part10File().Add(0x00020000, "UL", BitConverter.GetBytes(meta.Length)).Body();
        return [.. Encoding.ASCII.GetBytes(preamble.PadRight(128, '\0')), .. "DICM"u8, .. length, .. meta];
    }

    public static byte[] Delimiter(uint tag, uint length, bool isBig = false) => Header(tag, "", length, isExplicit: false, isBig);

    private static byte[] Framed(Part10File item, bool undefined)
    {
        var body = item.Body();
        return undefined
            ? [.. Delimiter(0xFFFEE000, Undefined, item.IsBig), .. body, .. Delimiter(0xFFFEE00D, 0, item.IsBig)]
            : [.. Delimiter(0xFFFEE000, (uint)body.Length, item.IsBig), .. body];
    }

    private static byte[] Header(uint tag, string vr, uint length, bool isExplicit, bool isBig)
    {
        var isLong = isExplicit && Long.Contains(vr);
        var header = new byte[isLong ? 12 : 8];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)tag);
        if (isExplicit) Encoding.ASCII.GetBytes(vr).CopyTo(header, 4);
        if (!isExplicit || isLong) BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(header.Length - 4), length);
        else BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)length);
        if (!isBig) return header;

        header.AsSpan(0, 2).Reverse();
        header.AsSpan(2, 2).Reverse();
        if (!isExplicit || isLong) header.AsSpan(header.Length - 4).Reverse();
        else header.AsSpan(6).Reverse();
        return header;
    }
}
