using System.Globalization;

namespace Aegis.Studies.Content.Archive;

/// <summary>The zip headers around the entries (PKWARE APPNOTE 6.3.10), for uncompressed entries with generated names.</summary>
internal sealed class ZipFraming(int count)
{
    public const int ExtraHeader = 4;
    public const int SizeFields = 16;
    public const int OffsetField = 8;
    public const int LocalExtra = ExtraHeader + SizeFields;
    public const int MaxRecordLength = 128;

    private const int LocalFixed = 30;
    private const int CentralFixed = 46;
    private const int EndFixed = 22;
    private const int Zip64EndFixed = 56;
    private const int Zip64Locator = 20;
    private const int MinDigits = 4;
    private const ushort PlainVersion = 20;
    private const ushort Zip64Version = 45;
    private const ushort FirstDay = 0x0021; // 1980-01-01, the earliest date that zip can express
    private const ushort Zip64Tag = 0x0001;

    private readonly int digits = Math.Max(MinDigits, count.ToString(CultureInfo.InvariantCulture).Length);

    private int NameSize => digits + 4;

    public int CentralSize => CentralFixed + NameSize;

    public static bool NeedsZip64(long value) => value >= uint.MaxValue;

    public static int EndSize(int count, long centralStart, long centralSize) =>
        EndNeedsZip64(count, centralStart, centralSize) ? Zip64EndFixed + Zip64Locator + EndFixed : EndFixed;

    public int LocalSize(long length) => LocalFixed + NameSize + (NeedsZip64(length) ? LocalExtra : 0);

    public int WriteLocal(byte[] record, int entry, StudyInstance instance)
    {
        var large = NeedsZip64(instance.Length);
        var at = new RecordWriter(record);
        at.U32(0x04034B50);
        at.U16(large ? Zip64Version : PlainVersion);
        WriteCommon(ref at, instance, large);
        at.U16(large ? LocalExtra : 0);
        WriteName(ref at, entry);
        if (large)
            WriteExtra(ref at, instance.Length, null);
        return at.Written;
    }

    public int WriteCentral(byte[] record, int entry, StudyInstance instance, long headerAt)
    {
        var (large, far) = (NeedsZip64(instance.Length), NeedsZip64(headerAt));
        var at = new RecordWriter(record);
        at.U32(0x02014B50);
        at.U16(large || far ? Zip64Version : PlainVersion);
        at.U16(large || far ? Zip64Version : PlainVersion);
        WriteCommon(ref at, instance, large);
        at.U16(large || far ? ExtraHeader + (large ? SizeFields : 0) + (far ? OffsetField : 0) : 0);
        at.U16(0); // comment
        at.U16(0); // disk
        at.U16(0); // internal attributes
        at.U32(0); // external attributes
        at.U32(far ? uint.MaxValue : headerAt);
        WriteName(ref at, entry);
        if (large || far)
            WriteExtra(ref at, large ? instance.Length : null, far ? headerAt : null);
        return at.Written;
    }

    public int WriteEnd(byte[] record, long centralStart, long centralSize)
    {
        var at = new RecordWriter(record);
        if (EndNeedsZip64(count, centralStart, centralSize))
        {
            at.U32(0x06064B50);
            at.U64(Zip64EndFixed - 12); // the size of the record after this field
            at.U16(Zip64Version);
            at.U16(Zip64Version);
            at.U32(0);
            at.U32(0);
            at.U64(count);
            at.U64(count);
            at.U64(centralSize);
            at.U64(centralStart);
            at.U32(0x07064B50);
            at.U32(0);
            at.U64(centralStart + centralSize);
            at.U32(1);
        }

        at.U32(0x06054B50);
        at.U16(0);
        at.U16(0);
        at.U16(Math.Min(count, ushort.MaxValue));
        at.U16(Math.Min(count, ushort.MaxValue));
        at.U32(Math.Min(centralSize, uint.MaxValue));
        at.U32(Math.Min(centralStart, uint.MaxValue));
        at.U16(0);
        return at.Written;
    }

    private static bool EndNeedsZip64(int count, long centralStart, long centralSize) =>
        count >= ushort.MaxValue || NeedsZip64(centralStart) || NeedsZip64(centralSize);

    // The fields from the flags to the name length are the same in both headers.
    private void WriteCommon(ref RecordWriter at, StudyInstance instance, bool large)
    {
        at.U16(0); // flags: sizes are in the header, names are ASCII
        at.U16(0); // stored
        at.U16(0);
        at.U16(FirstDay);
        at.U32(instance.Crc32);
        at.U32(large ? uint.MaxValue : instance.Length);
        at.U32(large ? uint.MaxValue : instance.Length);
        at.U16(NameSize);
    }

    private void WriteName(ref RecordWriter at, int entry)
    {
        Span<byte> name = stackalloc byte[NameSize];
        var number = entry + 1;
        for (var i = digits - 1; i >= 0; i--, number /= 10)
            name[i] = (byte)('0' + number % 10);
        ".dcm"u8.CopyTo(name[digits..]);
        at.Bytes(name);
    }

    private static void WriteExtra(ref RecordWriter at, long? length, long? headerAt)
    {
        at.U16(Zip64Tag);
        at.U16((length is null ? 0 : SizeFields) + (headerAt is null ? 0 : OffsetField));
        if (length is { } size)
        {
            at.U64(size);
            at.U64(size);
        }

        if (headerAt is { } offset)
            at.U64(offset);
    }
}
