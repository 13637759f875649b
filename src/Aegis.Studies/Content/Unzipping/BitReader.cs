using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Reads bits from the low end of each byte. Taking more bits than the input has gives zeros and makes the reader
/// <see cref="Starved"/>. The caller then restores a copy of the reader that it made before.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> input, ulong bits, int count)
{
    private const int Guaranteed = 56;

    private readonly ReadOnlySpan<byte> input = input;
    private ulong bits = bits;
    private int count = count;
    private int at;

    public readonly bool Starved => count < 0;

    public readonly ulong Bits => bits;

    public readonly int Count => count;

    /// <summary>Restores earlier bits and their count. Works only if there was no refill since.</summary>
    public void GoBack(ulong toBits, int toCount) => (bits, count) = (toBits, toCount);

    /// <summary>Bytes used; exact after <see cref="GiveBack"/>.</summary>
    public readonly int Used => at;

    /// <summary>Loads at least 56 bits, or all that are left of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        if (count < 0 || count >= Guaranteed) return;

        if (input.Length - at >= sizeof(ulong))
        {
            // The bits above the count need no clearing: the next refill writes the same bits there.
            bits |= BinaryPrimitives.ReadUInt64LittleEndian(input[at..]) << count;
            at += (63 - count) >> 3;
            count |= Guaranteed;
            return;
        }

        RefillAtEnd();
    }

    private void RefillAtEnd()
    {
        for (; count < Guaranteed && at < input.Length; count += 8)
            bits |= (ulong)input[at++] << count;
    }

    public int Take(int wanted)
    {
        Refill();
        return TakeLoaded(wanted);
    }

    /// <summary>Takes bits that an earlier refill has loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TakeLoaded(int wanted)
    {
        var value = (int)(bits & ((1UL << wanted) - 1));
        bits >>= wanted;
        count -= wanted;
        return value;
    }

    /// <summary>Takes one symbol that an earlier refill has loaded. The symbol is negative when no code matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(HuffmanTable table)
    {
        var symbol = table.Decode(bits, out var length);
        bits >>= length;
        count -= length;
        return symbol;
    }

    public void SkipToByte() => TakeLoaded(count & 7);

    /// <summary>Takes whole bytes. The reader must be at the start of a byte.</summary>
    public int TakeBytes(Span<byte> destination)
    {
        GiveBack();
        var length = Math.Min(destination.Length, input.Length - at);
        input.Slice(at, length).CopyTo(destination);
        at += length;
        return length;
    }

    /// <summary>Returns unread whole bytes to the input, and gives back the remaining bits of the byte that was begun.</summary>
    public (ulong Bits, int Count) GiveBack()
    {
        if (count < 0) throw new InvalidOperationException("The reader is starved.");

        at -= count >> 3;
        count &= 7;
        bits &= (1UL << count) - 1;
        return (bits, count);
    }
}
