using System.Buffers;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Fulfilment;

/// <summary>A file whose first bytes were looked at, because senders do not always say that it is a zip.</summary>
internal sealed class PeekedStream : ForwardStream
{
    private const int Looked = 132; // as far as the prefix of a Part 10 file reaches, whose preamble may look like anything

    private readonly Stream rest;
    private byte[] first = ArrayPool<byte>.Shared.Rent(Looked);
    private int from;
    private int to;

    private PeekedStream(Stream rest) => this.rest = rest;

    /// <summary>By its first bytes a zip, and not DICOM.</summary>
    public bool IsZip { get; private set; }

    public static async Task<PeekedStream> Begin(Stream file, CancellationToken ct)
    {
        var peeked = new PeekedStream(file);
        peeked.to = await file.ReadAtLeastAsync(peeked.first.AsMemory(0, Looked), Looked, throwOnEndOfStream: false, ct);
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
