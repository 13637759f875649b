using System.Buffers;
using System.Buffers.Binary;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Reads a zip archive as it arrives, without seeking, unpacking to disk or holding it in memory. It believes nothing twice:
/// every entry is checked against its own sums and all of them against the directory at the end. For one caller at a time.
/// </summary>
internal sealed class ZipForwardReader(Stream stream, ZipLimits limits) : IDisposable
{
    private const int ScratchSize = 64 * 1024;
    private const uint LocalSignature = 0x04034B50;

    private readonly ZipSource source = new(stream);
    private readonly Inflater inflater = new();
    private readonly ZipTally tally = new(limits);
    private ZipEntryStream? current;
    private bool done;

    /// <summary>Entries met so far, folders among them.</summary>
    public int Entries => tally.Entries;

    /// <summary>The name of the entry under way, to be shown to its sender and to nobody else.</summary>
    public string Name { get; private set; } = "";

    /// <summary>
    /// Checks what is left of the entry before and opens the next file; null after the last, with the whole archive read.
    /// </summary>
    /// <exception cref="ContentException">The archive is refused; the reader is of no further use.</exception>
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
        inflater.Forget();
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
        if (source.Position == 0 && (!isWhole || !StartsLikeZip(source.Buffered))) throw ZipRefusals.Invalid("it does not begin like one");
        if (!isWhole) throw ZipRefusals.Truncated();

        return BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered);
    }

    private static bool StartsLikeZip(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith("PK\u0005\u0006"u8);
}
