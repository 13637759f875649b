using System.Buffers.Binary;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>Reads the central directory at the end of an archive and compares its sums with the entries before it.</summary>
internal sealed class ZipDirectory(ZipSource source, ZipTally tally)
{
    private const uint EntrySignature = 0x02014B50;
    private const uint DigitalSignature = 0x05054B50;
    private const uint Zip64EndSignature = 0x06064B50;
    private const uint Zip64LocatorSignature = 0x07064B50;
    private const uint EndSignature = 0x06054B50;
    private const int EntryFixed = 46;
    private const int Zip64EndHeader = 12;
    private const int Zip64EndFixed = 56;
    private const int LocatorSize = 20;
    private const int EndFixed = 22;
    private const long MaxEndRecordBytes = 64 * 1024;
    private const long MaxTrailingBytes = 64 * 1024; // some programs and tapes add padding

    private int entries;
    private uint crcSum;
    private long sizeSum;
    private long? zip64Entries;

    public static async ValueTask Read(ZipSource source, ZipTally tally, CancellationToken ct)
    {
        var directory = new ZipDirectory(source, tally);
        while (await directory.ReadRecord(ct))
        {
        }

        await directory.ReadTrailing(ct);
    }

    // False once the end record is read.
    private async ValueTask<bool> ReadRecord(CancellationToken ct)
    {
        await source.Need(sizeof(uint), ct);
        switch (BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered))
        {
            case EntrySignature:
                await ReadEntry(ct);
                return true;
            case DigitalSignature:
                await source.Need(6, ct);
                await source.Skip(6 + BinaryPrimitives.ReadUInt16LittleEndian(source.Buffered[4..]), ct);
                return true;
            case Zip64EndSignature:
                await ReadZip64End(ct);
                return true;
            case Zip64LocatorSignature:
                await source.Skip(LocatorSize, ct);
                return true;
            case EndSignature:
                await ReadEnd(ct);
                return false;
            default:
                throw ZipRefusals.Invalid("there is unexpected data between its parts");
        }
    }

    private async ValueTask ReadEntry(CancellationToken ct)
    {
        await source.Need(EntryFixed, ct);
        var bytes = source.Buffered;
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        var compressed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        var nameSize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        var extraSize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        var commentSize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
        if (++entries > tally.Entries) throw Contradiction();

        await source.Skip(EntryFixed + nameSize, ct);
        await source.Need(extraSize, ct);
        crcSum += crc;
        sizeSum += ZipExtra.Sizes(source.Buffered[..extraSize], size, compressed).Size;
        await source.Skip(extraSize + commentSize, ct);
    }

    private async ValueTask ReadZip64End(CancellationToken ct)
    {
        await source.Need(Zip64EndFixed, ct);
        var size = BinaryPrimitives.ReadInt64LittleEndian(source.Buffered[4..]);
        if (zip64Entries is not null || size is < Zip64EndFixed - Zip64EndHeader or > MaxEndRecordBytes)
            throw ZipRefusals.Invalid("its zip64 record is malformed");

        zip64Entries = BinaryPrimitives.ReadInt64LittleEndian(source.Buffered[32..]);
        await source.Skip(Zip64EndHeader + size, ct);
    }

    private async ValueTask ReadEnd(CancellationToken ct)
    {
        await source.Need(EndFixed, ct);
        var counted = BinaryPrimitives.ReadUInt16LittleEndian(source.Buffered[10..]);
        var commentSize = BinaryPrimitives.ReadUInt16LittleEndian(source.Buffered[20..]);
        var fits = counted == (entries & ushort.MaxValue) || (counted == ushort.MaxValue && zip64Entries is not null);
        if (!fits || (zip64Entries ?? entries) != entries) throw Contradiction();
        if (entries != tally.Entries || crcSum != tally.CrcSum || sizeSum != tally.SizeSum) throw Contradiction();

        await source.Skip(EndFixed + commentSize, ct);
    }

    private async ValueTask ReadTrailing(CancellationToken ct)
    {
        var end = source.Position + MaxTrailingBytes;
        while (await source.Has(1, ct))
        {
            source.Advance(source.Buffered.Length);
            if (source.Position > end) throw ZipRefusals.Invalid("there is too much data after its end");
        }
    }

    private static ContentException Contradiction() => ZipRefusals.Invalid("its directory contradicts its entries");
}
