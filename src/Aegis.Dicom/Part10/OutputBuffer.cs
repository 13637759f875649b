using System.Buffers;

namespace Aegis.Dicom.Part10;

/// <summary>Collects small writes. While it is held nothing is sent, so that the start can be decided last.</summary>
internal sealed class OutputBuffer(Stream destination) : IDisposable
{
    private const int Size = 64 << 10;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int count;

    /// <summary>Bytes written to the destination.</summary>
    public long Written { get; private set; }

    public int Count => count;

    public bool Held { get; private set; }

    public void Hold() => Held = true;

    /// <summary>Reserves the next <paramref name="size"/> bytes.</summary>
    public Span<byte> Take(int size)
    {
        if (Held && count + size > DicomLimits.HeldHeader)
            throw new DicomException(
                DicomErrors.HeaderTooLarge, $"More than {DicomLimits.HeldHeader} bytes come before Burned In Annotation.", count);
        if (count + size > buffer.Length) Grow(count + size);
        var reserved = buffer.AsSpan(count, size);
        count += size;
        return reserved;
    }

    /// <summary>Bytes written while held, to be changed in place.</summary>
    public Span<byte> At(int position, int length) => buffer.AsSpan(position, length);

    /// <summary>Sends what has collected, if it is enough. Call between elements.</summary>
    public ValueTask FlushIfLarge(CancellationToken ct) => Held || count < Size / 2 ? default : Flush(ct);

    /// <summary>Sends a piece of a large value without copying it.</summary>
    public async ValueTask Write(ReadOnlyMemory<byte> piece, CancellationToken ct)
    {
        if (Held || piece.Length < Size / 4)
        {
            piece.Span.CopyTo(Take(piece.Length));
            await FlushIfLarge(ct);
            return;
        }
        await Flush(ct);
        await destination.WriteAsync(piece, ct);
        Written += piece.Length;
    }

    /// <summary>
    /// Ends the hold: writes <paramref name="before"/>, the held bytes up to <paramref name="position"/>, <paramref name="between"/>, and
    /// the remaining held bytes.
    /// </summary>
    public async ValueTask Release(ReadOnlyMemory<byte> before, int position, ReadOnlyMemory<byte> between, CancellationToken ct)
    {
        Held = false;
        await destination.WriteAsync(before, ct);
        await destination.WriteAsync(buffer.AsMemory(0, position), ct);
        await destination.WriteAsync(between, ct);
        await destination.WriteAsync(buffer.AsMemory(position, count - position), ct);
        Written += before.Length + between.Length + count;
        count = 0;
    }

    public async ValueTask Flush(CancellationToken ct)
    {
        if (count == 0) return;
        await destination.WriteAsync(buffer.AsMemory(0, count), ct);
        Written += count;
        count = 0;
    }

    public ReadOnlyMemory<byte> Collected => buffer.AsMemory(0, count);

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        buffer.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
