using System.Buffers.Binary;
using System.IO.Hashing;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// One unpacked entry of an archive, read forward. At its end it is checked against its checksum and lengths, also when the caller
/// skips it by asking for the next entry.
/// </summary>
internal sealed class ZipEntryStream(ZipSource source, Inflater inflater, ZipTally tally, ZipLocalHeader header) : ForwardStream
{
    private const uint DescriptorSignature = 0x08074B50;
    private const int MaxDescriptorLength = 24;

    private readonly long start = source.Position;
    private readonly BoundedInflater? bounded =
        header is { IsDeflated: true, HasDescriptor: false } ? new BoundedInflater(source, header.CompressedSize) : null;
    private readonly Crc32 crc = new();
    private long produced;
    private bool ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ended || buffer.IsEmpty) return 0;

        var count = await Unpack(buffer, cancellationToken);
        if (count == 0)
        {
            await End(cancellationToken);
            return 0;
        }

        crc.Append(buffer.Span[..count]);
        produced += count;
        tally.Count(count, produced, source.Position);
        return count;
    }

    /// <summary>Frees the memory of the entry, whether or not it was read to its end.</summary>
    public void Release() => bounded?.Dispose();

    /// <summary>Reads the rest of the entry into <paramref name="scratch"/>.</summary>
    public async ValueTask Drain(Memory<byte> scratch, CancellationToken ct)
    {
        while (await ReadAsync(scratch, ct) > 0)
        {
        }
    }

    private ValueTask<int> Unpack(Memory<byte> buffer, CancellationToken ct)
    {
        if (bounded is not null) return bounded.Read(buffer, ct);
        return header.IsDeflated ? Inflate(buffer, ct) : Copy(buffer, ct);
    }

    private async ValueTask<int> Copy(Memory<byte> buffer, CancellationToken ct)
    {
        var count = (int)Math.Min(buffer.Length, header.CompressedSize - produced);
        if (count == 0) return 0;

        await source.Need(1, ct);
        count = Math.Min(count, source.Buffered.Length);
        source.Buffered[..count].CopyTo(buffer.Span);
        source.Advance(count);
        return count;
    }

    private async ValueTask<int> Inflate(Memory<byte> buffer, CancellationToken ct)
    {
        while (inflater.Ready.IsEmpty && !inflater.Finished)
        {
            source.Advance(inflater.Decode(source.Buffered, source.Ended));
            if (inflater.Ready.IsEmpty && !inflater.Finished)
                await source.Fill(ct);
        }

        var count = Math.Min(buffer.Length, inflater.Ready.Length);
        inflater.Ready[..count].CopyTo(buffer.Span);
        inflater.Take(count);
        return count;
    }

    private async ValueTask End(CancellationToken ct)
    {
        ended = true;
        var consumed = source.Position - start;
        if (header.IsFolder && produced > 0) throw ZipRefusals.Invalid("a folder has content");

        if (header.HasDescriptor)
            await ReadDescriptor(consumed, ct);
        else if (crc.GetCurrentHashAsUInt32() != header.Crc32 || produced != header.Size || consumed != header.CompressedSize)
            throw ZipRefusals.Mismatch();

        tally.EndEntry(crc.GetCurrentHashAsUInt32(), produced);
    }

    // The signature is optional, and sizes have four or eight bytes; nothing says which. But all values are known by now,
    // so each form can be compared with them.
    private async ValueTask ReadDescriptor(long consumed, CancellationToken ct)
    {
        await source.Has(MaxDescriptorLength, ct);
        if (!header.IsDeflated && !Starts(source.Buffered, DescriptorSignature))
            return; // some programs announce a descriptor for a folder and do not write one

        var length = Match(source.Buffered, consumed);
        if (length > 0)
            source.Advance(length);
        else if (source.Buffered.Length < MaxDescriptorLength)
            throw ZipRefusals.Truncated();
        else
            throw ZipRefusals.Mismatch();
    }

    private int Match(ReadOnlySpan<byte> bytes, long consumed)
    {
        foreach (var before in (ReadOnlySpan<int>)[Starts(bytes, DescriptorSignature) ? 4 : 0, 0])
        {
            if (Fits(bytes[before..], sizeof(long), consumed)) return before + 20;
            if (Fits(bytes[before..], sizeof(uint), consumed)) return before + 12;
        }

        return 0;
    }

    private bool Fits(ReadOnlySpan<byte> bytes, int width, long consumed)
    {
        if (bytes.Length < 4 + 2 * width || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != crc.GetCurrentHashAsUInt32()) return false;

        var (first, second) = width == sizeof(long)
            ? (BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
        return first == consumed && second == produced;
    }

    private static bool Starts(ReadOnlySpan<byte> bytes, uint signature) =>
        bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == signature;
}
