using Aegis.Dicom;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Metering;

/// <summary>Defines when a study counts as viewed. It is fixed at the upload, so that no client can change it.</summary>
/// <param name="Threshold">
/// The number of counted bytes that make a view: half of the smallest picture. The smallest picture is the smallest number of coded bytes
/// per frame over all instances with pixel data; without pixel data, the smallest instance. At least one.
/// </param>
/// <param name="Frames">Frames of all instances that have pixel data.</param>
/// <param name="Counted">The bytes that count.</param>
internal sealed record ViewRule(long Threshold, long Frames, CountedBytes Counted)
{
    private const int MaxParts = 262_144; // of a study; beyond it an instance's pixel data is one part, with the headers of fragments

    /// <summary>Reads the headers of a sealed study. An instance that is not DICOM has no pixel data.</summary>
    /// <exception cref="ContentCorruptException">A chunk does not authenticate.</exception>
    public static async Task<ViewRule> Read(SealedStudyReader reader, CancellationToken ct)
    {
        var (counted, frames) = (new IntervalSet(), 0L);
        var (smallestHalf, smallestInstance) = (long.MaxValue, long.MaxValue);
        using var cursor = reader.Cursor();
        for (var i = 0; i < reader.Index.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var instance = reader.Index[i];
            smallestInstance = Math.Min(smallestInstance, instance.Length);
            if (await LayoutOf(new StoredInstance(cursor, instance), ct) is not { Bytes: > 0 } pixels)
            {
                counted.Add(instance.Offset, instance.Offset + instance.Length);
                continue;
            }

            frames += Math.Min(pixels.Frames, pixels.Bytes); // a frame has at least one byte, whatever the file declares
            smallestHalf = Math.Min(smallestHalf, Half(pixels.Bytes, pixels.Frames));
            Add(counted, instance.Offset, pixels.Parts);
        }

        return new ViewRule(smallestHalf < long.MaxValue ? smallestHalf : Half(smallestInstance, 1), frames, CountedBytes.Of(counted));
    }

    private static async Task<PixelLayout?> LayoutOf(Stream instance, CancellationToken ct)
    {
        try
        {
            return await PixelLayout.Read(instance, ct);
        }
        catch (DicomException)
        {
            return null;
        }
    }

    private static void Add(IntervalSet counted, long offset, IReadOnlyList<(long From, long To)> parts)
    {
        if (counted.Intervals.Count + parts.Count > MaxParts) parts = [(parts[0].From, parts[^1].To)];
        foreach (var (from, to) in parts) counted.Add(offset + from, offset + to);
    }

    // Rounded up: half of 5 bytes is reached with the third byte.
    private static long Half(long bytes, long frames) => Math.Max(1, (bytes + (2 * frames) - 1) / (2 * frames));
}
