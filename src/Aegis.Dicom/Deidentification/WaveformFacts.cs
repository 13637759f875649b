namespace Aegis.Dicom.Deidentification;

/// <summary>How an item of the Waveform Sequence describes its samples (PS3.3 C.10.9). No reader uses bytes after the samples.</summary>
internal sealed class WaveformFacts
{
    /// <summary>Bytes of the largest sample.</summary>
    public const int MaxSampleBytes = 8;

    private readonly Dictionary<uint, uint> values = [];

    /// <summary>Size of all samples in bytes; null when the item does not declare it.</summary>
    public long? Bytes =>
        Value(BitsAllocated) is > 0 and <= MaxSampleBytes * 8 and var bits && Value(Channels) * Value(Samples) is > 0 and var samples
        ? (samples * bits + 7) / 8
        : null;

    public static bool Wants(uint tag) => tag is Channels or Samples or BitsAllocated;

    public static bool IsData(uint tag) => tag is 0x5400_1010;

    /// <summary>The minimum and maximum value of a channel, and the padding value.</summary>
    public static bool IsSample(uint tag) => tag is 0x5400_0110 or 0x5400_0112 or 0x5400_100A;

    public void Note(uint tag, ReadOnlySpan<byte> value)
    {
        if (value.Length == sizeof(uint)) values[tag] = BinaryPrimitives.ReadUInt32LittleEndian(value);
        else if (value.Length == sizeof(ushort)) values[tag] = BinaryPrimitives.ReadUInt16LittleEndian(value);
    }

    private const uint Channels = 0x003A_0005, Samples = 0x003A_0010, BitsAllocated = 0x5400_1004;

    private long Value(uint tag) => values.TryGetValue(tag, out var value) ? value : 0;
}
