namespace Aegis.Dicom.Pixels;

/// <summary>How the file describes its pixels (PS3.3 C.7.6.3), noted at the top level while it is read.</summary>
internal sealed class PixelFacts
{
    private readonly Dictionary<uint, uint> values = [];
    private readonly HashSet<uint> overlays = []; // groups
    private string photometric = "";
    private bool hasOneNumber; // a point of a spectrum has two numbers unless the file says otherwise

    /// <summary>Number of Frames, as written to the output.</summary>
    public int Frames { get; set; } = 1;

    public int Rows => Value(Tags.Rows);

    public int Columns => Value(Tags.Columns);

    public int Samples => values.ContainsKey(Tags.SamplesPerPixel) ? Value(Tags.SamplesPerPixel) : 1;

    public int BitsAllocated => Value(Tags.BitsAllocated);

    public int BitsStored => values.ContainsKey(Tags.BitsStored) ? Value(Tags.BitsStored) : BitsAllocated;

    public int HighBit => values.ContainsKey(Tags.HighBit) ? Value(Tags.HighBit) : BitsStored - 1;

    public bool IsSigned => Value(Tags.PixelRepresentation) == 1;

    /// <summary>Range of padding values, as whole words. They may have unused bits set.</summary>
    public (uint From, uint To)? Padding =>
        values.TryGetValue(Tags.PixelPadding, out var from)
            ? (from, values.TryGetValue(Tags.PixelPaddingLimit, out var to) ? to : from)
            : null;

    /// <summary>Bits that the file declares as overlays inside the pixels (PS3.3 C.9.2, retired).</summary>
    public IEnumerable<int> OverlayBits => overlays
        .Select(group => (Position: Value(group | OverlayPosition),
            Bits: values.ContainsKey(group | OverlayBitsAllocated) ? Value(group | OverlayBitsAllocated) : 1))
        .Where(x => x.Bits != 1 || x.Position > 0)
        .Select(x => x.Position);

    /// <summary>A declared overlay overlaps the pixel values, so that clearing it would change the picture.</summary>
    public bool HasOverlayInValues => OverlayBits.Any(bit => bit > 0 && bit <= HighBit && bit > HighBit - BitsStored);

    /// <summary>Bits of one uncompressed frame; 0 when the file does not declare it.</summary>
    public long FrameBits
    {
        get
        {
            var samples = (long)Rows * Columns * Samples;
            if (photometric.EndsWith("_422", StringComparison.Ordinal) && Samples == 3) samples = (long)Rows * Columns * 2;
            return samples * BitsAllocated;
        }
    }

    /// <summary>Bytes of all uncompressed frames; null when the file does not declare it.</summary>
    public long? NativeBytes => FrameBits > 0 ? (FrameBits * Frames + 7) / 8 : null;

    /// <summary>Bytes of all frames when each pixel has all its samples, whatever its label says: a known bug of writers.</summary>
    public long FullBytes => ((long)Rows * Columns * Samples * BitsAllocated * Frames + 7) / 8;

    /// <summary>Bytes of all points of spectra (PS3.3 C.8.14.4); 0 when the file does not declare it.</summary>
    public uint SpectraBytes
    {
        get
        {
            var points = (double)(values.GetValueOrDefault(Tags.DataPointRows, 1u)) * values.GetValueOrDefault(Tags.DataPointColumns);
            return (uint)Math.Min(uint.MaxValue, (double)Rows * Columns * Frames * points * (hasOneNumber ? 1 : 2) * sizeof(float));
        }
    }

    /// <summary>The numbers of this attribute have the width of Bits Allocated, or the file does not declare it.</summary>
    public bool HasWidthOf(uint pixels) => BitsAllocated == 0 || pixels switch
    {
        Tags.FloatPixelData => BitsAllocated == 32,
        Tags.DoublePixelData => BitsAllocated == 64,
        _ => true,
    };

    public static bool Wants(uint tag) => tag is Tags.Rows or Tags.Columns or Tags.SamplesPerPixel or Tags.Photometric or Tags.BitsAllocated
        or Tags.BitsStored or Tags.HighBit or Tags.PixelRepresentation or Tags.PixelPadding or Tags.PixelPaddingLimit
        or Tags.DataPointRows or Tags.DataPointColumns or Tags.DataRepresentation
        || (IsOverlay(tag) && (tag & 0xFFFF) is OverlayBitsAllocated or OverlayPosition);

    public void Note(uint tag, ReadOnlySpan<byte> value)
    {
        if (tag is Tags.Photometric)
        {
            photometric = Term(value);
            return;
        }
        if (tag is Tags.DataRepresentation)
        {
            hasOneNumber = Term(value) is "REAL" or "IMAGINARY" or "MAGNITUDE";
            return;
        }
        if (IsOverlay(tag)) overlays.Add(tag & 0xFFFF_0000);
        if (value.Length >= sizeof(uint)) values[tag] = BinaryPrimitives.ReadUInt32LittleEndian(value);
        else if (value.Length >= sizeof(ushort)) values[tag] = BinaryPrimitives.ReadUInt16LittleEndian(value);
    }

    private const uint OverlayBitsAllocated = 0x0100, OverlayPosition = 0x0102;

    private static string Term(ReadOnlySpan<byte> value) =>
        Encoding.Latin1.GetString(value[..Math.Min(value.Length, 16)]).Trim(' ', '\0').ToUpperInvariant();

    private static bool IsOverlay(uint tag) => tag >> 24 == 0x60 && !Tags.IsPrivate(tag);

    private int Value(uint tag) => values.TryGetValue(tag, out var value) && value <= ushort.MaxValue ? (int)value : 0;
}
