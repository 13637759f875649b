using System.Numerics;
using System.Runtime.InteropServices;

namespace Aegis.Dicom.Pixels;

/// <summary>
/// The bits of a pixel word that are no part of its value: outside [High Bit − Bits Stored + 1, High Bit]. Overlays that the file
/// declares there are cleared. What is left must be zero, the sign, or a padding value: anything else may be a picture of a text.
/// </summary>
internal sealed class UnusedBits
{
    private readonly int width; // bytes of a word
    private readonly uint above; // unused bits above High Bit, where the sign is extended
    private readonly uint below;
    private readonly uint sign; // the sign bit of the value, 0 when the pixels have none
    private readonly uint overlay; // declared overlays among the unused bits
    private readonly (uint From, uint To)? padding;
    private bool extended, plain; // negative values with and without their sign extended
    private bool foreign;

    private UnusedBits(PixelFacts facts, int width)
    {
        this.width = width;
        var all = width == sizeof(uint) ? uint.MaxValue : (1u << (8 * width)) - 1;
        var upTo = facts.HighBit >= 31 ? uint.MaxValue : (1u << (facts.HighBit + 1)) - 1;
        var low = facts.HighBit - facts.BitsStored + 1;
        below = low <= 0 ? 0 : (1u << low) - 1;
        above = all & ~upTo;
        sign = facts.IsSigned ? 1u << facts.HighBit : 0;
        if (facts.Padding is { } padding) this.padding = (padding.From & all, padding.To & all);
        foreach (var bit in facts.OverlayBits)
            if (bit < 8 * width) overlay |= (1u << bit) & (above | below);
    }

    /// <summary>Null when every bit of a word is part of its value, so that there is nothing to look at.</summary>
    public static UnusedBits? Of(PixelFacts facts)
    {
        var width = facts.BitsAllocated switch { 8 => 1, 16 => 2, 32 => 4, _ => 0 };
        if (width == 0 || facts.BitsStored <= 0 || facts.HighBit < 0 || facts.HighBit >= facts.BitsAllocated
            || facts.BitsStored > facts.HighBit + 1) return null;
        return facts.BitsStored == facts.BitsAllocated ? null : new(facts, width);
    }

    /// <summary>Whether the file describes words that can be looked at.</summary>
    public static bool IsReadable(PixelFacts facts) => facts.BitsAllocated switch
    {
        1 => true,
        8 or 16 or 32 =>
            facts.BitsStored > 0 && facts.HighBit >= 0 && facts.HighBit < facts.BitsAllocated && facts.BitsStored <= facts.HighBit + 1,
        var bits => bits > 0 && bits == facts.BitsStored,
    };

    /// <summary>Bytes of a word; pieces must be whole words.</summary>
    public int Width => width;

    /// <summary>An overlay was cleared that was not empty.</summary>
    public bool Cleared { get; private set; }

    /// <summary>Something stands in the unused bits that nothing explains.</summary>
    public bool IsForeign => foreign || (extended && plain);

    /// <summary>Clears the declared overlays in place and looks at what is left.</summary>
    public void Pass(Span<byte> words)
    {
        if (width == sizeof(byte)) Pass<byte>(words);
        else if (width == sizeof(ushort)) Pass(MemoryMarshal.Cast<byte, ushort>(words));
        else Pass(MemoryMarshal.Cast<byte, uint>(words));
    }

    private void Pass<T>(Span<T> words) where T : unmanaged, IBinaryInteger<T>
    {
        var at = 0;
        // Nearly all words have nothing there or their sign: whole vectors of them are passed at once.
        var hasSign = sign != 0 && above != 0;
        var looked = new Vector<T>(T.CreateTruncating(above | below | (hasSign ? sign : 0)));
        var extended = new Vector<T>(T.CreateTruncating(hasSign ? above | sign : 0));
        for (; at + Vector<T>.Count <= words.Length; at += Vector<T>.Count)
        {
            var block = words.Slice(at, Vector<T>.Count);
            var bits = new Vector<T>(block) & looked;
            if (Vector.EqualsAll(Vector.Equals(bits, Vector<T>.Zero) | Vector.Equals(bits, extended), Vector<T>.AllBitsSet))
                this.extended |= hasSign && Vector.EqualsAny(bits, extended);
            else
                foreach (ref var word in block) word = T.CreateTruncating(One(uint.CreateTruncating(word)));
        }
        foreach (ref var word in words[at..]) word = T.CreateTruncating(One(uint.CreateTruncating(word)));
    }

    private uint One(uint word)
    {
        if (overlay != 0) word = WithoutOverlay(word);
        var (above, below) = (word & this.above, word & this.below);
        if (IsPadding(word)) return word;
        if (below != 0) foreign = true;
        if ((word & sign) != 0)
        {
            if (above == this.above) extended |= this.above != 0;
            else if (above == 0) plain = true;
            else foreign = true;
        }
        else if (above != 0) foreign = true;
        return word;
    }

    // A word that extended its sign into the bits around the overlay does so into the overlay's bits again.
    private uint WithoutOverlay(uint word)
    {
        var others = above & ~overlay;
        var isExtended = (word & sign) != 0 && (word & others) == others;
        var cleared = word & ~overlay | (isExtended ? overlay & above : 0);
        Cleared |= cleared != word;
        return cleared;
    }

    private bool IsPadding(uint word) => padding is { } range
        && ((word & ~overlay) == (range.From & ~overlay) || (word & ~overlay) == (range.To & ~overlay));
}
