using System.Numerics;
using System.Runtime.InteropServices;

namespace Aegis.Dicom.Pixels;

/// <summary>
/// The bits of a pixel word outside its value: outside [High Bit − Bits Stored + 1, High Bit]. Overlays that the file declares there
/// are cleared. The remaining bits must be zero, the sign, or a padding value; anything else may be a picture of text.
/// </summary>
internal sealed class UnusedBits
{
    private readonly int width; // bytes of a word
    private readonly uint above; // unused bits above High Bit, where the sign is extended
    private readonly uint below;
    private readonly uint sign; // the sign bit of the value, 0 when the pixels have none
    private readonly uint overlay; // declared overlays among the unused bits
    private readonly (uint From, uint To)? padding;
    private bool sawExtended, sawPlain; // negative values with and without sign extension
    private bool hasUnexplained;

    private UnusedBits(PixelFacts facts, int width)
    {
        this.width = width;
        var all = width == sizeof(uint) ? uint.MaxValue : (1u << (8 * width)) - 1;
        var upTo = facts.HighBit >= 31 ? uint.MaxValue : (1u << (facts.HighBit + 1)) - 1;
        var low = facts.HighBit - facts.BitsStored + 1;
        below = low <= 0 ? 0 : (1u << low) - 1;
        above = all & ~upTo;
        sign = facts.IsSigned ? 1u << facts.HighBit : 0;
        if (facts.Padding is { } range) padding = (range.From & all, range.To & all);
        foreach (var bit in facts.OverlayBits)
            if (bit < 8 * width) overlay |= (1u << bit) & (above | below);
    }

    /// <summary>Null when every bit of a word is part of its value, so that there is nothing to check.</summary>
    public static UnusedBits? Of(PixelFacts facts)
    {
        var width = facts.BitsAllocated switch { 8 => 1, 16 => 2, 32 => 4, _ => 0 };
        if (width == 0 || facts.BitsStored <= 0 || facts.HighBit < 0 || facts.HighBit >= facts.BitsAllocated
            || facts.BitsStored > facts.HighBit + 1) return null;
        return facts.BitsStored == facts.BitsAllocated ? null : new(facts, width);
    }

    /// <summary>Whether the file describes words that can be checked.</summary>
    public static bool IsReadable(PixelFacts facts) => facts.BitsAllocated switch
    {
        1 => true,
        8 or 16 or 32 =>
            facts.BitsStored > 0 && facts.HighBit >= 0 && facts.HighBit < facts.BitsAllocated && facts.BitsStored <= facts.HighBit + 1,
        var bits => bits > 0 && bits == facts.BitsStored,
    };

    /// <summary>Bytes of a word; pieces must contain whole words.</summary>
    public int Width => width;

    /// <summary>A non-empty overlay was cleared.</summary>
    public bool Cleared { get; private set; }

    /// <summary>Unused bits are set without a known reason.</summary>
    public bool HasUnexplainedBits => hasUnexplained || (sawExtended && sawPlain);

    /// <summary>Clears the declared overlays in place and checks the remaining bits.</summary>
    public void Pass(Span<byte> words)
    {
        if (width == sizeof(byte)) Pass<byte>(words);
        else if (width == sizeof(ushort)) Pass(MemoryMarshal.Cast<byte, ushort>(words));
        else Pass(MemoryMarshal.Cast<byte, uint>(words));
    }

    private void Pass<T>(Span<T> words) where T : unmanaged, IBinaryInteger<T>
    {
        var at = 0;
        // Nearly all words have no unused bits set, or only their sign. Whole vectors of them are checked at once.
        var hasSign = sign != 0 && above != 0;
        var checkedBits = new Vector<T>(T.CreateTruncating(above | below | (hasSign ? sign : 0)));
        var extendedSign = new Vector<T>(T.CreateTruncating(hasSign ? above | sign : 0));
        for (; at + Vector<T>.Count <= words.Length; at += Vector<T>.Count)
        {
            var block = words.Slice(at, Vector<T>.Count);
            var bits = new Vector<T>(block) & checkedBits;
            if (Vector.EqualsAll(Vector.Equals(bits, Vector<T>.Zero) | Vector.Equals(bits, extendedSign), Vector<T>.AllBitsSet))
                sawExtended |= hasSign && Vector.EqualsAny(bits, extendedSign);
            else
                foreach (ref var word in block) word = T.CreateTruncating(CheckWord(uint.CreateTruncating(word)));
        }
        foreach (ref var word in words[at..]) word = T.CreateTruncating(CheckWord(uint.CreateTruncating(word)));
    }

    private uint CheckWord(uint word)
    {
        if (overlay != 0) word = WithoutOverlay(word);
        var (setAbove, setBelow) = (word & above, word & below);
        if (IsPadding(word)) return word;
        if (setBelow != 0) hasUnexplained = true;
        if ((word & sign) != 0)
        {
            if (setAbove == above) sawExtended |= above != 0;
            else if (setAbove == 0) sawPlain = true;
            else hasUnexplained = true;
        }
        else if (setAbove != 0) hasUnexplained = true;
        return word;
    }

    // A word whose sign was extended into the bits around the overlay gets it in the overlay's bits too.
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
