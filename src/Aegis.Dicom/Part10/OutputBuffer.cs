using System.Buffers;

namespace Aegis.Dicom.Part10;

/// <summary>Collects small writes. While held nothing leaves, so that what comes first can be decided last.</summary>
internal sealed class OutputBuffer(Stream destination) : IDisposable
{
    private const int Size = 64 << 10;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int count;

    /// <summary>Bytes that reached the destination.</summary>
    public long Written { get; private set; }

    public int Count => count;

    public bool Held { get; private set; }

    public void Hold() => Held = true;

    /// <summary>Room for the next <paramref name="count"/> bytes.</summary>
    public Span<byte> Take(int count)
    {
        if (Held && this.count + count > DicomLimits.HeldHeader)
            throw new DicomException(
                DicomErrors.HeaderTooLarge, $"More than {DicomLimits.HeldHeader} bytes come before Burned In Annotation.", this.count);
        if (this.count + count > buffer.Length) Grow(this.count + count);
        var room = buffer.AsSpan(this.count, count);
        this.count += count;
        return room;
    }

    /// <summary>What was written while held, to be changed in place.</summary>
    public Span<byte> At(int position, int length) => buffer.AsSpan(position, length);

    /// <summary>Call between elements: passes on what has gathered.</summary>
    public ValueTask Settle(CancellationToken ct) => Held || count < Size / 2 ? default : Flush(ct);

    /// <summary>Passes a piece of a large value on without copying it here.</summary>
    public async ValueTask Write(ReadOnlyMemory<byte> piece, CancellationToken ct)
    {
        if (Held || piece.Length < Size / 4)
        {
            piece.Span.CopyTo(Take(piece.Length));
            await Settle(ct);
            return;
        }
        await Flush(ct);
        await destination.WriteAsync(piece, ct);
        Written += piece.Length;
    }

    /// <summary>
    /// Ends the holding: writes <paramref name="before"/>, what was held up to <paramref name="position"/>, <paramref name="between"/>, the
    /// rest.
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

    public ReadOnlyMemory<byte> Gathered => buffer.AsMemory(0, count);

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
