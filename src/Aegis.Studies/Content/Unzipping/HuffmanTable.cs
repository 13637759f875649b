using System.Runtime.CompilerServices;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// A canonical Huffman code of RFC 1951. Codes of up to ten bits take one look-up, longer codes one comparison per length.
/// </summary>
internal sealed class HuffmanTable
{
    public const int MaxCodeLength = 15;
    private const int FastBits = 10;
    private const int LengthBits = 4;

    private readonly ushort[] fast = new ushort[1 << FastBits]; // symbol, then length in the low bits; 0 where there is no short code
    private readonly ushort[] symbols = new ushort[288]; // by code
    private readonly int[] limits = new int[MaxCodeLength + 1]; // first 15-bit value after the codes of this length
    private readonly int[] offsets = new int[MaxCodeLength + 1]; // from a code of this length to its symbol

    /// <summary>
    /// Builds the table; false when the lengths do not form a code. A single code of one bit may leave the other value unused.
    /// </summary>
    public bool Build(ReadOnlySpan<byte> lengths)
    {
        Span<int> counts = stackalloc int[MaxCodeLength + 1];
        foreach (var length in lengths)
            counts[length]++;
        counts[0] = 0;

        Span<int> next = stackalloc int[MaxCodeLength + 1];
        var (code, index, longest) = (0, 0, 0);
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            code <<= 1;
            (next[length], offsets[length]) = (code, index - code);
            code += counts[length];
            index += counts[length];
            limits[length] = code << (MaxCodeLength - length);
            if (code > 1 << length) return false;
            if (counts[length] > 0)
                longest = length;
        }

        if (code < 1 << MaxCodeLength && longest > 1) return false;

        Array.Clear(fast);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length == 0) continue;

            var assigned = next[length]++;
            symbols[assigned + offsets[length]] = (ushort)symbol;
            if (length > FastBits) continue;

            for (var at = Reverse(assigned) >> (MaxCodeLength - length); at < fast.Length; at += 1 << length)
                fast[at] = (ushort)((symbol << LengthBits) | length);
        }

        return true;
    }

    /// <summary>The symbol at the low end of <paramref name="bits"/> and the length of its code. Negative when no code matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(ulong bits, out int length)
    {
        var entry = fast[bits & ((1 << FastBits) - 1)];
        length = entry & ((1 << LengthBits) - 1);
        return entry != 0 ? entry >> LengthBits : DecodeLong(bits, out length);
    }

    private int DecodeLong(ulong bits, out int length)
    {
        var code = Reverse((int)(bits & ((1 << MaxCodeLength) - 1)));
        for (length = FastBits + 1; length <= MaxCodeLength; length++)
        {
            if (code < limits[length]) return symbols[(code >> (MaxCodeLength - length)) + offsets[length]];
        }

        return -1;
    }

    // Deflate packs Huffman codes from their highest bit, and everything else from the lowest.
    private static int Reverse(int value)
    {
        var reversed = 0;
        for (var i = 0; i < MaxCodeLength; i++, value >>= 1)
            reversed = (reversed << 1) | (value & 1);
        return reversed;
    }
}
