namespace Aegis.Studies.Content.Archive;

/// <summary>
/// The zip archive of a study, computed from its index and never written to disk. The entries <c>0001.dcm</c>… are uncompressed, dated
/// 1980-01-01, without data descriptors, and have zip64 records only where needed. Any byte range is found in O(log n).
/// It is immutable: one can serve any number of downloads.
/// </summary>
/// <remarks>
/// How a range is served: <see cref="ByteRange"/> reads the Range header. The archive lists the <see cref="ArchiveSegment"/>s of the
/// range; <see cref="ZipFraming"/> builds the headers among them with <see cref="RecordWriter"/>. <see cref="ArchiveSource"/> fills
/// buffers from the segments and a cursor of the sealed file. <see cref="ArchiveCopy"/> sends the buffers and reports what was served.
/// Right after the upload, <see cref="ContentDigest"/> reads the whole archive once; <see cref="PayloadCheck"/> compares each instance
/// with the index. A damaged chunk stops both with a <see cref="ContentCorruptException"/>, and a client that goes away stops the copy.
/// </remarks>
internal sealed class StudyArchive
{
    private readonly StudyIndex index;
    private readonly ZipFraming framing;
    private readonly int[] large;
    private readonly int firstBeyond4GiB;

    public StudyArchive(StudyIndex index)
    {
        this.index = index;
        framing = new ZipFraming(index.Count);
        large = [.. Enumerable.Range(0, index.Count).Where(i => ZipFraming.NeedsZip64(index[i].Length))];
        firstBeyond4GiB = FirstWhere(index.Count, i => ZipFraming.NeedsZip64(HeaderAt(i)));
        CentralStart = HeaderAt(index.Count);
        EndStart = CentralStart + CentralAt(index.Count);
        Length = EndStart + ZipFraming.EndSize(index.Count, CentralStart, EndStart - CentralStart);
    }

    /// <summary>Size of the whole archive.</summary>
    public long Length { get; }

    public StudyIndex Index => index;

    public long CentralStart { get; }

    private long EndStart { get; }

    /// <summary>The number of instance bytes before this position of the archive.</summary>
    public long PayloadBefore(long position)
    {
        if (position >= CentralStart) return index.PayloadLength;

        var entry = EntryAt(position);
        return index.Start(entry) + Math.Max(0, position - HeaderAt(entry) - framing.LocalSize(index[entry].Length));
    }

    /// <summary>The segments of the bytes [from, to), in order.</summary>
    public IEnumerable<ArchiveSegment> Segments(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Length);
        return Walk(from, to);
    }

    private IEnumerable<ArchiveSegment> Walk(long from, long to)
    {
        var record = new byte[ZipFraming.MaxRecordLength];
        for (var i = from < CentralStart ? EntryAt(from) : index.Count; i < index.Count && HeaderAt(i) < to; i++)
        {
            var instance = index[i];
            var header = HeaderAt(i);
            var payload = header + framing.LocalSize(instance.Length);
            if (from < payload)
                yield return Cut(record.AsMemory(0, framing.WriteLocal(record, i, instance)), header, from, to);

            var (first, end) = (Math.Max(from, payload), Math.Min(to, payload + instance.Length));
            if (first < end)
                yield return ArchiveSegment.OfPayload(i, instance.Offset + (first - payload), end - first);
        }

        for (var i = from < EndStart ? CentralEntryAt(from) : index.Count; i < index.Count && CentralStart + CentralAt(i) < to; i++)
            yield return Cut(record.AsMemory(0, framing.WriteCentral(record, i, index[i], HeaderAt(i))),
                CentralStart + CentralAt(i), from, to);

        if (EndStart < to && from < Length)
            yield return Cut(record.AsMemory(0, framing.WriteEnd(record, CentralStart, EndStart - CentralStart)), EndStart, from, to);
    }

    private static ArchiveSegment Cut(ReadOnlyMemory<byte> record, long start, long from, long to)
    {
        var first = (int)Math.Max(0, from - start);
        var end = (int)Math.Min(record.Length, to - start);
        return ArchiveSegment.OfFraming(record[first..end]);
    }

    private int EntryAt(long position) => FirstWhere(index.Count, i => HeaderAt(i + 1) > position);

    private int CentralEntryAt(long position) => FirstWhere(index.Count, i => CentralStart + CentralAt(i + 1) > position);

    // Offsets are computed from sums. Only entries of 4 GiB or more, and entries that start beyond 4 GiB, have longer records.
    private long HeaderAt(int entry) =>
        index.Start(entry) + (long)entry * framing.LocalSize(0) + (long)LargeBefore(entry) * ZipFraming.LocalExtra;

    private long CentralAt(int entry)
    {
        var beyond = Math.Max(0, entry - firstBeyond4GiB);
        var extended = beyond + LargeBefore(Math.Min(entry, firstBeyond4GiB));
        return (long)entry * framing.CentralSize
            + (long)extended * ZipFraming.ExtraHeader + (long)beyond * ZipFraming.OffsetField
            + (long)LargeBefore(entry) * ZipFraming.SizeFields;
    }

    private int LargeBefore(int entry)
    {
        var at = Array.BinarySearch(large, entry);
        return at < 0 ? ~at : at;
    }

    private static int FirstWhere(int count, Func<int, bool> matches)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (matches(middle))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
