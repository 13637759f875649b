using System.Buffers;

namespace Aegis.Dicom.Part10;

/// <summary>A pooled window over a forward-only stream: bytes are looked at in place, then passed.</summary>
internal sealed class SourceWindow(Stream source) : IDisposable
{
    private const int Size = 128 << 10; // large enough that pixel data moves in few calls, small enough to hold many
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int _start;
    private int _end;

    /// <summary>Bytes passed since the start of the stream.</summary>
    public long Position { get; private set; }

    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>True when <paramref name="count"/> bytes can be looked at; false when the stream ends before.</summary>
    public ValueTask<bool> Has(int count, CancellationToken ct) =>
        _end - _start >= count ? new(true) : Fill(count, ct);

    /// <summary>The next bytes, valid until the next call that reads. Ask <see cref="Has"/> first.</summary>
    public ReadOnlyMemory<byte> Peek(int count) => _buffer.AsMemory(_start, count);

    public void Pass(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Up to <paramref name="max"/> bytes, as many as one read gives; empty at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Piece(long max, CancellationToken ct)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await source.ReadAsync(_buffer, ct);
        }
        var count = (int)Math.Min(max, _end - _start);
        var piece = _buffer.AsMemory(_start, count);
        Pass(count);
        return piece;
    }

    private async ValueTask<bool> Fill(int count, CancellationToken ct)
    {
        while (_end - _start < count)
        {
            MakeRoom(count);
            var read = await source.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0) return false;
            _end += read;
        }
        return true;
    }

    // Grows by doubling as bytes arrive, so that a length that lies costs no memory.
    private void MakeRoom(int count)
    {
        var held = _end - _start;
        if (_start > 0 && (_end == _buffer.Length || _start + count > _buffer.Length))
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            (_start, _end) = (0, held);
        }
        if (_end < _buffer.Length) return;

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, held).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    public void Dispose()
    {
        Return(_buffer);
        _buffer = [];
    }

    // The window holds identified bytes; the pool must not hand them on.
    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}
