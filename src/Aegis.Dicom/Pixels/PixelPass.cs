using System.Runtime.InteropServices;

namespace Aegis.Dicom.Pixels;

/// <summary>
/// Streams pixel data in pieces. The picture stays the same bit for bit. Bytes outside it are cut (native data) or overwritten
/// (codestreams). <see cref="PixelFacts"/> gives the sizes, a <see cref="CodestreamCleaner"/> cleans one frame, <see cref="UnusedBits"/>
/// checks the words, and <see cref="FrameOffsets"/> the offset tables. It fails when frames or the extended table cannot be trusted.
/// </summary>
internal sealed class PixelPass(DicomReader reader, DicomWriter writer, OutputBuffer output, PixelFacts facts)
{
    private const int SignatureBytes = 12;

    private readonly FrameOffsets offsets = new();
    private UnusedBits? unused;
    private CodestreamCleaner? cleaner;
    private bool isVideo, sawTable, clearedHidden, isUnchecked;
    private int frames;

    /// <summary>Non-zero bytes that no reader shows were cleared or cut.</summary>
    public bool ClearedHidden => clearedHidden || cleaner is { Cleared: true };

    /// <summary>An overlay inside the pixels was cleared.</summary>
    public bool ClearedOverlay => unused is { Cleared: true };

    /// <summary>Bits outside the pixel values are set without a known reason, or could not be checked.</summary>
    public bool HasUnexplainedBits =>
        isUnchecked || unused is { HasUnexplainedBits: true } || cleaner is RleCleaner { HasUnexplainedBits: true };

    /// <summary>Streams native pixel data, cut to the size of the image.</summary>
    public async ValueTask Native(Vr vr, CancellationToken ct)
    {
        isUnchecked = facts.NativeBytes is null || (reader.Tag is Tags.PixelData && !UnusedBits.IsReadable(facts));
        var isFull = reader.Length == facts.FullBytes + (facts.FullBytes & 1);
        var kept = facts.NativeBytes is { } bytes ? (uint)Math.Min(reader.Length, isFull ? facts.FullBytes : bytes) : reader.Length;
        unused = isUnchecked || reader.Tag is not Tags.PixelData ? null : UnusedBits.Of(facts);
        isUnchecked |= facts.HasOverlayInValues;
        reader.WordBytes = unused?.Width ?? 1;
        writer.Header(reader.Tag, vr, kept);
        var left = (long)kept;
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct))
        {
            var count = (int)Math.Min(left, piece.Length);
            if (count < piece.Length) clearedHidden |= piece.Span[count..].IndexOfAnyExcept((byte)0) >= 0;
            if (count == 0) continue;
            unused?.Pass(Writable(piece).Span[..count]);
            await output.Write(piece[..count], ct);
            left -= count;
        }
        writer.PadOdd(vr, kept);
    }

    /// <summary>Reads an extended offset table or its lengths; false when it is not valid.</summary>
    public async ValueTask<bool> Table(CancellationToken ct)
    {
        if (reader.Length > DicomLimits.InspectedValue) return false;
        var table = (await reader.Value(ct)).Span;
        return reader.Tag is Tags.ExtendedOffsets ? offsets.TakeExtended(table, facts.Frames) : offsets.TakeLengths(table);
    }

    /// <summary>Begins the fragments: the declared syntax, and the syntax detected from their first bytes.</summary>
    public void Begin(TransferSyntax syntax, TransferSyntax? found)
    {
        isVideo = syntax.Video;
        unused = UnusedBits.Of(facts);
        isUnchecked = facts.OverlayBits.Any(bit => bit >= facts.BitsStored); // a codestream has no bits to clear
        cleaner = Codestream.Cleaner(syntax, found, facts, unused);
        isUnchecked |= cleaner is null && !isVideo; // no cleaner inspected it
    }

    /// <summary>Streams one fragment. The first one is the offset table.</summary>
    public async ValueTask Fragment(CancellationToken ct)
    {
        if (!sawTable)
        {
            sawTable = true;
            await BasicTable(ct);
            return;
        }
        writer.FragmentHeader(reader.Length);
        offsets.Add(reader.Length);
        if (cleaner is null)
        {
            for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct)) await output.Write(piece, ct);
            return;
        }
        // A fragment that begins no frame continues the previous one, or belongs to none.
        if (frames < facts.Frames && cleaner.IsStart((await reader.PeekValue(SignatureBytes, ct)).Span))
        {
            frames++;
            cleaner.Begin();
        }
        if (cleaner is RawFrameCleaner) reader.WordBytes = unused?.Width ?? 1;
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct))
        {
            cleaner.Pass(Writable(piece).Span);
            await output.Write(piece, ct);
        }
    }

    /// <summary>All fragments have been read.</summary>
    public void End()
    {
        if (frames < facts.Frames && cleaner is { ClearedOutside: true })
            throw reader.Fail(DicomErrors.ValueInvalid, "The fragments of the pixel data cannot be assigned to frames.", Tags.PixelData);
        if (!offsets.Fits)
            throw reader.Fail(DicomErrors.ValueInvalid, "The extended offset table does not match the fragments.",
                Tags.ExtendedOffsets);
    }

    private async ValueTask BasicTable(CancellationToken ct)
    {
        var entries = isVideo ? 1 : facts.Frames; // video is one stream
        var fits = reader.Length == (long)entries * sizeof(uint) && reader.Length <= DicomLimits.InspectedValue;
        var table = fits ? await reader.Value(ct) : default;
        if (!fits || !FrameOffsets.IsBasic(table.Span, entries))
        {
            clearedHidden |= reader.Length > 0;
            writer.FragmentHeader(0);
            await reader.Skip(ct);
            return;
        }
        writer.FragmentHeader(reader.Length);
        await output.Write(await reader.Piece(ct), ct);
    }

    // Pieces are part of the reader's window and are not read again.
    private static Memory<byte> Writable(ReadOnlyMemory<byte> piece) => MemoryMarshal.AsMemory(piece);
}
