using System.Buffers;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Fulfilment;

/// <summary>A file whose first bytes were read in advance, because senders do not always declare a zip archive.</summary>
internal sealed class PeekedStream : ForwardStream
{
    private const int PeekLength = 132; // up to the end of the Part 10 prefix, because a Part 10 preamble may look like a zip archive

    private readonly Stream rest;
    private byte[] first = ArrayPool<byte>.Shared.Rent(PeekLength);
    private int from;
    private int to;

    private PeekedStream(Stream rest) => this.rest = rest;

    /// <summary>The first bytes are those of a zip archive, and not of a DICOM file.</summary>
    public bool IsZip { get; private set; }

    public static async Task<PeekedStream> Begin(Stream file, CancellationToken ct)
    {
        var peeked = new PeekedStream(file);
        peeked.to = await file.ReadAtLeastAsync(peeked.first.AsMemory(0, PeekLength), PeekLength, throwOnEndOfStream: false, ct);
        var head = peeked.first.AsSpan(0, peeked.to);
        peeked.IsZip = (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8)) && !head.EndsWith("DICM"u8);
        return peeked;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (from == to) return await rest.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, to - from);
        first.AsMemory(from, count).CopyTo(buffer);
        from += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (first.Length > 0) ArrayPool<byte>.Shared.Return(first, clearArray: true);
        (first, from, to) = ([], 0, 0);
        base.Dispose(disposing);
    }
}
