using System.Buffers;

namespace Aegis.Dicom.Part10;

/// <summary>A pooled window over a forward-only stream: callers peek at bytes in place and then pass them.</summary>
internal sealed class SourceWindow(Stream source) : IDisposable
{
    private const int Size = 128 << 10; // large enough to move pixel data in few calls, small enough for many at once
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int start;
    private int end;

    /// <summary>Bytes passed since the start of the stream.</summary>
    public long Position { get; private set; }

    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>True when <paramref name="count"/> bytes are buffered; false when the stream ends before that.</summary>
    public ValueTask<bool> Has(int count, CancellationToken ct) =>
        end - start >= count ? new(true) : Fill(count, ct);

    /// <summary>The next bytes, valid until the next read. Call <see cref="Has"/> first.</summary>
    public ReadOnlyMemory<byte> Peek(int count) => buffer.AsMemory(start, count);

    public void Pass(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>Up to <paramref name="max"/> bytes, as many as one read returns; empty at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Piece(long max, CancellationToken ct)
    {
        if (start == end)
        {
            start = 0;
            end = await source.ReadAsync(buffer, ct);
        }
        var count = (int)Math.Min(max, end - start);
        var piece = buffer.AsMemory(start, count);
        Pass(count);
        return piece;
    }

    private async ValueTask<bool> Fill(int count, CancellationToken ct)
    {
        while (end - start < count)
        {
            MakeRoom(count);
            var read = await source.ReadAsync(buffer.AsMemory(end), ct);
            if (read == 0) return false;
            end += read;
        }
        return true;
    }

    // Doubles as bytes arrive, so that a false length costs no memory.
    private void MakeRoom(int count)
    {
        var held = end - start;
        if (start > 0 && (end == buffer.Length || start + count > buffer.Length))
        {
            buffer.AsSpan(start, held).CopyTo(buffer);
            (start, end) = (0, held);
        }
        if (end < buffer.Length) return;

        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        Return(buffer);
        buffer = larger;
    }

    public void Dispose()
    {
        Return(buffer);
        buffer = [];
    }

    // The window contains identifying bytes, so the buffer is cleared before it returns to the pool.
    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}
