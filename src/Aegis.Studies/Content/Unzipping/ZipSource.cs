using System.Buffers;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>A forward-only stream with a look-ahead of up to 64 KiB.</summary>
internal sealed class ZipSource(Stream stream) : IDisposable
{
    private const int Capacity = 64 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int start;
    private int end;

    /// <summary>The bytes that were read but not taken yet.</summary>
    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>The number of bytes taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>True once the stream has no more bytes than <see cref="Buffered"/>.</summary>
    public bool Ended { get; private set; }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, end - start);
        start += count;
        Position += count;
    }

    /// <summary>Reads more bytes after the buffered ones. False at the end of the stream.</summary>
    public async ValueTask<bool> Fill(CancellationToken ct)
    {
        if (Ended) return false;

        if (start > 0)
        {
            Buffered.CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var count = await stream.ReadAsync(buffer.AsMemory(end, Capacity - end), ct);
        end += count;
        Ended = count == 0;
        return !Ended;
    }

    /// <summary>Buffers <paramref name="count"/> bytes. False when the stream has fewer.</summary>
    public async ValueTask<bool> Has(int count, CancellationToken ct)
    {
        while (end - start < count)
        {
            if (!await Fill(ct)) return false;
        }

        return true;
    }

    /// <summary>Buffers <paramref name="count"/> bytes, or refuses the archive as truncated.</summary>
    public async ValueTask Need(int count, CancellationToken ct)
    {
        if (!await Has(count, ct)) throw ZipRefusals.Truncated();
    }

    public async ValueTask Skip(long count, CancellationToken ct)
    {
        while (count > 0)
        {
            await Need(1, ct);
            var step = (int)Math.Min(count, end - start);
            Advance(step);
            count -= step;
        }
    }

    public void Dispose()
    {
        // The buffer contained names and files of patients.
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        (buffer, start, end, Ended) = ([], 0, 0, true);
    }
}
