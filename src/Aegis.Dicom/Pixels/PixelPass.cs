using System.Runtime.InteropServices;

namespace Aegis.Dicom.Pixels;

/// <summary>
/// Pixel data on its way through, in pieces. The picture that readers see stays the same bit for bit; bytes that are no part of it are cut
/// (native data) or overwritten (codestreams). What a <see cref="CodestreamCleaner"/> does within a frame, this does with frames and words:
/// <see cref="PixelFacts"/> says how large they are, <see cref="UnusedBits"/> looks at words, <see cref="FrameOffsets"/> at the tables.
/// </summary>
internal sealed class PixelPass(DicomReader reader, DicomWriter writer, OutputBuffer output, PixelFacts facts)
{
    private const int SignatureBytes = 12;

    private readonly FrameOffsets offsets = new();
    private UnusedBits? unused;
    private CodestreamCleaner? cleaner;
    private bool isVideo, sawTable, hid, unread;
    private int frames;

    /// <summary>Bytes that no reader shows were something other than zeros, and are not any more.</summary>
    public bool HidBytes => hid || cleaner is { Cleared: true };

    /// <summary>An overlay inside the pixels was cleared.</summary>
    public bool ClearedOverlay => unused is { Cleared: true };

    /// <summary>Something stands in bits that are no part of a pixel's value, or nobody can say which bits are.</summary>
    public bool HasForeignBits => unread || unused is { IsForeign: true } || cleaner is RleCleaner { IsForeign: true };

    /// <summary>Streams native pixel data: as many bytes as the image has.</summary>
    public async ValueTask Native(Vr vr, CancellationToken ct)
    {
        unread = facts.NativeBytes is null || (reader.Tag is Tags.PixelData && !UnusedBits.IsReadable(facts));
        var isFull = reader.Length == facts.FullBytes + (facts.FullBytes & 1);
        var kept = facts.NativeBytes is { } bytes ? (uint)Math.Min(reader.Length, isFull ? facts.FullBytes : bytes) : reader.Length;
        unused = unread || reader.Tag is not Tags.PixelData ? null : UnusedBits.Of(facts);
        unread |= facts.HasOverlayInValues;
        reader.Word = unused?.Width ?? 1;
        writer.Header(reader.Tag, vr, kept);
        var left = (long)kept;
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct))
        {
            var count = (int)Math.Min(left, piece.Length);
            if (count < piece.Length) hid |= piece.Span[count..].IndexOfAnyExcept((byte)0) >= 0;
            if (count == 0) continue;
            unused?.Pass(Writable(piece).Span[..count]);
            await output.Write(piece[..count], ct);
            left -= count;
        }
        writer.PadOdd(vr, kept);
    }

    /// <summary>Takes an extended offset table or its lengths; false when it is none.</summary>
    public async ValueTask<bool> Table(CancellationToken ct)
    {
        if (reader.Length > DicomLimits.InspectedValue) return false;
        var table = (await reader.Value(ct)).Span;
        return reader.Tag is Tags.ExtendedOffsets ? offsets.TakeExtended(table, facts.Frames) : offsets.TakeLengths(table);
    }

    /// <summary>Fragments follow: as the file says, and as their first bytes say.</summary>
    public void Begin(TransferSyntax syntax, TransferSyntax? found)
    {
        isVideo = syntax.Video;
        unused = UnusedBits.Of(facts);
        unread = facts.OverlayBits.Any(bit => bit >= facts.BitsStored); // a codestream has no bits to clear
        cleaner = Codestream.Cleaner(syntax, found, facts, unused);
        unread |= cleaner is null && !isVideo; // nobody looked into it
    }

    /// <summary>Streams one fragment, the offset table first.</summary>
    public async ValueTask Fragment(CancellationToken ct)
    {
        if (!sawTable)
        {
            sawTable = true;
            await BasicTable(ct);
            return;
        }
        writer.FragmentHeader(reader.Length);
        offsets.Reach(reader.Length);
        if (cleaner is null)
        {
            for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct)) await output.Write(piece, ct);
            return;
        }
        // Fragments that begin no frame go on with the one before, or belong to none.
        if (frames < facts.Frames && cleaner.IsStart((await reader.PeekValue(SignatureBytes, ct)).Span))
        {
            frames++;
            cleaner.Begin();
        }
        if (cleaner is RawFrameCleaner) reader.Word = unused?.Width ?? 1;
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct))
        {
            cleaner.Pass(Writable(piece).Span);
            await output.Write(piece, ct);
        }
    }

    /// <summary>All fragments have passed.</summary>
    public void End()
    {
        if (frames < facts.Frames && cleaner is { ClearedOutside: true })
            throw reader.Fail(DicomErrors.ValueInvalid, "Fragments of the pixel data cannot be told to be frames.", Tags.PixelData);
        if (!offsets.Fit)
            throw reader.Fail(DicomErrors.ValueInvalid, "The extended offset table does not name the fragments that there are.",
                Tags.ExtendedOffsets);
    }

    private async ValueTask BasicTable(CancellationToken ct)
    {
        var entries = isVideo ? 1 : facts.Frames; // video is one stream
        var fits = reader.Length == (long)entries * sizeof(uint) && reader.Length <= DicomLimits.InspectedValue;
        var table = fits ? await reader.Value(ct) : default;
        if (!fits || !FrameOffsets.IsBasic(table.Span, entries))
        {
            hid |= reader.Length > 0;
            writer.FragmentHeader(0);
            await reader.Skip(ct);
            return;
        }
        writer.FragmentHeader(reader.Length);
        await output.Write(await reader.Piece(ct), ct);
    }

    // Pieces are the reader's own window, which nobody reads again.
    private static Memory<byte> Writable(ReadOnlyMemory<byte> piece) => MemoryMarshal.AsMemory(piece);
}
