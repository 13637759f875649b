namespace Aegis.Dicom.Part10;

/// <summary>
/// Writes little endian data elements (PS3.5 chapter 7). Sequences and items have undefined lengths, so that one pass is enough.
/// </summary>
internal sealed class DicomWriter(OutputBuffer output, bool explicitVr)
{
    private const int MaxShortLength = 0xFFFE;

    /// <summary>Selects US or SS where the dictionary leaves the choice to Pixel Representation (0028,0103).</summary>
    public bool SignedPixels { get; set; }

    public void Element(uint tag, Vr vr, ReadOnlySpan<byte> value)
    {
        Header(tag, vr, (uint)value.Length);
        value.CopyTo(output.Take(value.Length));
        PadOdd(vr, (uint)value.Length);
    }

    /// <summary>Writes the header of a value that follows in pieces. An odd length is written as the next even one.</summary>
    public void Header(uint tag, Vr vr, uint length)
    {
        var even = length + (length & 1);
        if (!explicitVr)
        {
            var implicitHeader = output.Take(8);
            WriteTag(implicitHeader, tag);
            BinaryPrimitives.WriteUInt32LittleEndian(implicitHeader[4..], even);
            return;
        }

        vr = Definite(vr);
        if (!vr.HasLongLength() && even > MaxShortLength) vr = Vr.UN; // PS3.5 6.2.2: too long for its 16-bit length
        var isLong = vr.HasLongLength();
        var header = output.Take(isLong ? 12 : 8);
        WriteTag(header, tag);
        var (first, second) = Code(vr);
        header[4] = first;
        header[5] = second;
        if (isLong)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 0);
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], even);
        }
        else BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)even);
    }

    public void PadOdd(Vr vr, uint length)
    {
        if ((length & 1) != 0) output.Take(1)[0] = vr.Padding();
    }

    public void SequenceStart(uint tag) => OpenEnded(tag, Vr.SQ);

    public void SequenceEnd() => Delimiter(Tags.SequenceEnd, 0);

    public void ItemStart() => Delimiter(Tags.Item, Tags.Undefined);

    public void ItemEnd() => Delimiter(Tags.ItemEnd, 0);

    public void FragmentsStart(uint tag, Vr vr) => OpenEnded(tag, vr);

    // An odd fragment stays odd although PS3.5 forbids it: the offset table counted its bytes.
    public void FragmentHeader(uint length) => Delimiter(Tags.Item, length);

    public void EmptySequence(uint tag, bool withEmptyItem)
    {
        SequenceStart(tag);
        if (withEmptyItem)
        {
            ItemStart();
            ItemEnd();
        }
        SequenceEnd();
    }

    private void OpenEnded(uint tag, Vr vr)
    {
        var header = output.Take(explicitVr ? 12 : 8);
        header.Clear();
        WriteTag(header, tag);
        if (explicitVr) (header[4], header[5]) = Code(Definite(vr));
        BinaryPrimitives.WriteUInt32LittleEndian(header[^4..], Tags.Undefined);
    }

    private void Delimiter(uint tag, uint length)
    {
        var header = output.Take(8);
        WriteTag(header, tag);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], length);
    }

    private Vr Definite(Vr vr) => vr switch
    {
        Vr.UsOrSs => SignedPixels ? Vr.SS : Vr.US,
        Vr.ObOrOw or Vr.UsOrOw => Vr.OW,
        _ => vr,
    };

    private static (byte First, byte Second) Code(Vr vr) => Codes[(int)vr];

    private static readonly (byte, byte)[] Codes = [.. Enum.GetNames<Vr>().Select(name => ((byte)name[0], (byte)name[1]))];

    private static void WriteTag(Span<byte> to, uint tag)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)tag);
    }
}
