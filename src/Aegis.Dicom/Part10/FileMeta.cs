namespace Aegis.Dicom.Part10;

/// <summary>Preamble and file meta information (PS3.10 chapter 7). Reads syntax and identifiers, and writes a new one.</summary>
internal sealed record FileMeta(string SopClass, string SopInstance, TransferSyntax Syntax)
{
    private const int Preamble = 128;
    private const string MediaDirectory = "1.2.840.10008.1.3.10";

    // 2.25. and the decimal of a UUID that names this implementation (PS3.5 B.2).
    private const string Implementation = "2.25.61142806608254528376289942659905913827";
    private const string ImplementationName = "AEGIS_1";

    private static ReadOnlySpan<byte> Magic => "DICM"u8;

    public static async ValueTask<FileMeta> Read(SourceWindow window, CancellationToken ct)
    {
        if (!await window.Has(Preamble + Magic.Length, ct) || !window.Buffered.Slice(Preamble, Magic.Length).SequenceEqual(Magic))
            throw NoPrefix(window.Buffered);
        window.Pass(Preamble + Magic.Length);
        if (!await window.Has(FirstElement.Bytes, ct) || window.Buffered is not [0x02, 0x00, ..])
            throw new DicomException(
                DicomErrors.MetaMissing, "The file has no file meta information after its DICM prefix.", window.Position);

        // The standard requires explicit VR, but some writers do not use it.
        var encoding = FirstElement.Resolve(window.Buffered, TransferSyntax.ExplicitLittleEndian) ?? TransferSyntax.ExplicitLittleEndian;
        var reader = new DicomReader(window, encoding) { IsStrict = true };
        string? sopClass = null, sopInstance = null, syntax = null;
        // The group length is not trusted: group 0002 ends where another group begins.
        for (var count = 0; await window.Has(2, ct) && window.Buffered is [0x02, 0x00, ..]; count++)
        {
            if (await reader.Next(ct) is not Token.Element || count == DicomLimits.MetaElements)
                throw reader.Fail(DicomErrors.StructureInvalid, "The file meta information contains more than plain elements.");
            if (reader.Tag is Tags.MetaSopClass) sopClass = await Text(reader, ct);
            else if (reader.Tag is Tags.MetaSopInstance) sopInstance = await Text(reader, ct);
            else if (reader.Tag is Tags.TransferSyntax) syntax = await Text(reader, ct);
            else await reader.Skip(ct);
        }

        if (sopClass == MediaDirectory)
            throw new DicomException(DicomErrors.Directory, "The file is a DICOMDIR, not an instance.", window.Position);
        if (string.IsNullOrEmpty(syntax))
            throw new DicomException(
                DicomErrors.TransferSyntaxMissing, "The file does not say its transfer syntax.", window.Position, Tags.TransferSyntax);
        var known = TransferSyntax.Find(syntax)
            ?? throw new DicomException(
                DicomErrors.TransferSyntaxUnsupported, "The transfer syntax is not supported.", window.Position, Tags.TransferSyntax);
        return new(sopClass ?? "", sopInstance ?? "", known);
    }

    /// <summary>Writes a zeroed preamble and only what PS3.10 requires: no sender, no private information.</summary>
    public void Write(OutputBuffer output)
    {
        output.Take(Preamble).Clear();
        Magic.CopyTo(output.Take(Magic.Length));

        using var body = new OutputBuffer(Stream.Null);
        var elements = new DicomWriter(body, explicitVr: true);
        elements.Element(Tags.MetaVersion, Vr.OB, [0, 1]);
        elements.Element(Tags.MetaSopClass, Vr.UI, Encoding.ASCII.GetBytes(SopClass));
        elements.Element(Tags.MetaSopInstance, Vr.UI, Encoding.ASCII.GetBytes(SopInstance));
        elements.Element(Tags.TransferSyntax, Vr.UI, Encoding.ASCII.GetBytes(Syntax.Uid));
        elements.Element(Tags.ImplementationClass, Vr.UI, Encoding.ASCII.GetBytes(Implementation));
        elements.Element(Tags.ImplementationVersion, Vr.SH, Encoding.ASCII.GetBytes(ImplementationName));

        new DicomWriter(output, explicitVr: true).Element(Tags.MetaGroupLength, Vr.UL, BitConverter.GetBytes(body.Count));
        body.Collected.Span.CopyTo(output.Take(body.Count));
    }

    private static DicomException NoPrefix(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Magic) || head is [0x02, 0x00, _, 0x00, ..])
            return new(DicomErrors.PreambleMissing, "The file has no preamble of 128 bytes before its file meta information.", 0);
        if (head.Length >= FirstElement.Bytes && FirstElement.IsDataSet(head))
            return new(DicomErrors.MetaMissing,
                "The file is a data set without preamble and file meta information, so its transfer syntax is unknown.", 0);
        return new(DicomErrors.NotDicom, "The file has no DICM prefix after its preamble.", 0);
    }

    private static async ValueTask<string> Text(DicomReader reader, CancellationToken ct)
    {
        if (reader.Length > DicomLimits.MetaValue)
            throw reader.Fail(DicomErrors.ValueTooLarge, "A value of the file meta information is too long.");
        return Encoding.ASCII.GetString((await reader.Value(ct)).Span).TrimEnd('\0', ' ');
    }
}
