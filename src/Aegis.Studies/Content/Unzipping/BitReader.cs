using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Bits from the low end of each byte. Taking more than there is gives zeros and makes the reader <see cref="Starved"/>:
/// the caller then goes back to a copy made before.
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

    /// <summary>Undoes what was taken since these were the bits and their count, provided nothing was refilled since.</summary>
    public void GoBack(ulong toBits, int toCount) => (bits, count) = (toBits, toCount);

    /// <summary>Bytes used; exact after <see cref="GiveBack"/>.</summary>
    public readonly int Used => at;

    /// <summary>Loads at least 56 bits unless the input ends before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        if (count < 0 || count >= Guaranteed) return;

        if (input.Length - at >= sizeof(ulong))
        {
            // Bits above the count are the same ones that the next refill puts there.
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

    /// <summary>Takes one symbol that an earlier refill has loaded; a negative one where there is no such code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(HuffmanTable table)
    {
        var symbol = table.Decode(bits, out var length);
        bits >>= length;
        count -= length;
        return symbol;
    }

    public void SkipToByte() => TakeLoaded(count & 7);

    /// <summary>Takes whole bytes; the reader stands at the start of one.</summary>
    public int TakeBytes(Span<byte> destination)
    {
        GiveBack();
        var length = Math.Min(destination.Length, input.Length - at);
        input.Slice(at, length).CopyTo(destination);
        at += length;
        return length;
    }

    /// <summary>Puts whole bytes back into the input and returns the bits of the one begun.</summary>
    public (ulong Bits, int Count) GiveBack()
    {
        if (count < 0) throw new InvalidOperationException("The reader is starved.");

        at -= count >> 3;
        count &= 7;
        bits &= (1UL << count) - 1;
        return (bits, count);
    }
}
