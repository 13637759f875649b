using System.Buffers;
using System.Buffers.Binary;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Reads a zip archive while it arrives: it does not seek, unpack to disk, or keep the archive in memory. It checks every entry
/// against its checksum and lengths, and all entries against the directory at the end. For one caller at a time.
/// </summary>
/// <remarks>
/// How an upload is unpacked: <see cref="ZipSource"/> buffers the request body. For each entry the reader reads a
/// <see cref="ZipLocalHeader"/>, whose name <see cref="ZipEntryName"/> checks, and returns a <see cref="ZipEntryStream"/>. That stream
/// uses <see cref="BoundedInflater"/> when the compressed size is known and <see cref="Inflater"/> when it comes after the data.
/// <see cref="ZipTally"/> counts against the <see cref="ZipLimits"/>, and <see cref="ZipDirectory"/> compares its sums at the end.
/// Everything that can be wrong with an archive is a refusal of <see cref="ZipRefusals"/>; the reader cannot be used after one.
/// </remarks>
internal sealed class ZipForwardReader(Stream stream, ZipLimits limits) : IDisposable
{
    private const int ScratchSize = 64 * 1024;
    private const uint LocalSignature = 0x04034B50;

    private readonly ZipSource source = new(stream);
    private readonly Inflater inflater = new();
    private readonly ZipTally tally = new(limits);
    private ZipEntryStream? current;
    private bool done;

    /// <summary>The number of entries read so far, including folders.</summary>
    public int Entries => tally.Entries;

    /// <summary>The name of the current entry. Show it to the sender only.</summary>
    public string Name { get; private set; } = "";

    /// <summary>
    /// Checks the rest of the previous entry and opens the next file. Null after the last one, when the whole archive is read.
    /// </summary>
    /// <exception cref="ContentException">The archive is refused. The reader cannot be used any further.</exception>
    public async ValueTask<Stream?> Next(CancellationToken ct)
    {
        while (!done)
        {
            await Finish(ct);
            var signature = await Signature(ct);
            if (signature != LocalSignature)
            {
                await ZipDirectory.Read(source, tally, ct);
                done = true;
                break;
            }

            var header = await ZipLocalHeader.Read(source, ct);
            tally.BeginEntry(header);
            inflater.Reset();
            Name = header.Name;
            current = new ZipEntryStream(source, inflater, tally, header);
            if (!header.IsFolder) return current;
        }

        return null;
    }

    public void Dispose()
    {
        current?.Release();
        source.Dispose();
        inflater.Clear();
    }

    private async ValueTask Finish(CancellationToken ct)
    {
        if (current is null) return;

        var scratch = ArrayPool<byte>.Shared.Rent(ScratchSize);
        try
        {
            await current.Drain(scratch, ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
        }

        current.Release();
        current = null;
    }

    private async ValueTask<uint> Signature(CancellationToken ct)
    {
        var isWhole = await source.Has(sizeof(uint), ct);
        if (source.Position == 0 && (!isWhole || !StartsLikeZip(source.Buffered)))
            throw ZipRefusals.Invalid("it does not begin like a zip archive");
        if (!isWhole) throw ZipRefusals.Truncated();

        return BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered);
    }

    private static bool StartsLikeZip(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith("PK\u0005\u0006"u8);
}
