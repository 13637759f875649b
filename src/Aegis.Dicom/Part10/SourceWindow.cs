using System.Buffers;

namespace Aegis.Dicom.Part10;

/// <summary>A pooled window over a forward-only stream: bytes are looked at in place, then passed.</summary>
internal sealed class SourceWindow(Stream source) : IDisposable
{
    private const int Size = 128 << 10; // large enough that pixel data moves in few calls, small enough to hold many
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int start;
    private int end;

    /// <summary>Bytes passed since the start of the stream.</summary>
    public long Position { get; private set; }

    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>True when <paramref name="count"/> bytes can be looked at; false when the stream ends before.</summary>
    public ValueTask<bool> Has(int count, CancellationToken ct) =>
        end - start >= count ? new(true) : Fill(count, ct);

    /// <summary>The next bytes, valid until the next call that reads. Ask <see cref="Has"/> first.</summary>
    public ReadOnlyMemory<byte> Peek(int count) => buffer.AsMemory(start, count);

    public void Pass(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>Up to <paramref name="max"/> bytes, as many as one read gives; empty at the end of the stream.</summary>
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

    // Grows by doubling as bytes arrive, so that a length that lies costs no memory.
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

    // The window holds identified bytes; the pool must not hand them on.
    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}
