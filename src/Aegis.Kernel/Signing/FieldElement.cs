using System.Buffers.Binary;

namespace Aegis.Kernel.Signing;

/// <summary>
/// A number modulo p = 2^255 − 19 in five limbs of 51 bits. No branch and no index depends on a value, and no carry is found by a comparison,
/// which a compiler may turn into a branch.
/// </summary>
/// <remarks>
/// Limbs are <i>tight</i> (below 2^51 + 2^14) after every product and difference, and may be <i>loose</i> (below 2^52.7) as a sum of up to three
/// tight ones. Products and differences take loose operands; what is subtracted, and what a sum is made of, keeps to these bounds.
/// </remarks>
internal readonly struct FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
{
    private const ulong Mask = (1UL << 51) - 1;

    // Limbs of 4p: a difference stays positive, so that no sign has to be looked at.
    private const ulong FourP0 = 4 * (Mask - 18);
    private const ulong FourP = 4 * Mask;

    private readonly ulong l0 = l0, l1 = l1, l2 = l2, l3 = l3, l4 = l4;

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0, 0);

    /// <summary>The number of 32 little-endian bytes; the highest bit is not looked at, and values from p on are taken modulo p.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> bytes)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new FieldElement(
            w0 & Mask, ((w0 >> 51) | (w1 << 13)) & Mask, ((w1 >> 38) | (w2 << 26)) & Mask, ((w2 >> 25) | (w3 << 39)) & Mask, (w3 >> 12) & Mask);
    }

    /// <summary>Writes the one representative below p.</summary>
    public void Write(Span<byte> bytes)
    {
        var t = Carried(l0, l1, l2, l3, l4);

        // 1 when the value is p or more: then adding 19 reaches 2^255.
        var over = (t.l0 + 19) >> 51;
        over = (t.l1 + over) >> 51;
        over = (t.l2 + over) >> 51;
        over = (t.l3 + over) >> 51;
        over = (t.l4 + over) >> 51;

        var a = t.l0 + (19 * over);
        var b = t.l1 + (a >> 51);
        var c = t.l2 + (b >> 51);
        var d = t.l3 + (c >> 51);
        var e = t.l4 + (d >> 51);
        (a, b, c, d, e) = (a & Mask, b & Mask, c & Mask, d & Mask, e & Mask);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, a | (b << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (b >> 13) | (c << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (c >> 26) | (d << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (d >> 39) | (e << 12));
    }

    /// <summary>Reads one of a table's numbers.</summary>
    public static FieldElement FromLimbs(ReadOnlySpan<ulong> limbs) => new(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]);

    public void CopyLimbs(Span<ulong> limbs) => (limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]) = (l0, l1, l2, l3, l4);

    /// <summary><paramref name="a"/> where the mask is all ones, <paramref name="b"/> where it is zero.</summary>
    public static FieldElement Select(ulong mask, in FieldElement a, in FieldElement b) => new(
        b.l0 ^ (mask & (a.l0 ^ b.l0)), b.l1 ^ (mask & (a.l1 ^ b.l1)), b.l2 ^ (mask & (a.l2 ^ b.l2)),
        b.l3 ^ (mask & (a.l3 ^ b.l3)), b.l4 ^ (mask & (a.l4 ^ b.l4)));

    /// <summary>A sum; the caller keeps to the bounds above.</summary>
    public static FieldElement operator +(in FieldElement a, in FieldElement b) =>
        new(a.l0 + b.l0, a.l1 + b.l1, a.l2 + b.l2, a.l3 + b.l3, a.l4 + b.l4);

    public static FieldElement operator -(in FieldElement a, in FieldElement b) => Carried(
        a.l0 + FourP0 - b.l0, a.l1 + FourP - b.l1, a.l2 + FourP - b.l2, a.l3 + FourP - b.l3, a.l4 + FourP - b.l4);

    public static FieldElement operator -(in FieldElement a) => Zero - a;

    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        // Operands shifted by 13 bits together: the high word of a product is its part from 2^51 on, the low word the rest times 2^13.
        ulong a0 = a.l0 << 6, a1 = a.l1 << 6, a2 = a.l2 << 6, a3 = a.l3 << 6, a4 = a.l4 << 6;
        ulong b0 = b.l0 << 7, b1 = b.l1 << 7, b2 = b.l2 << 7, b3 = b.l3 << 7, b4 = b.l4 << 7;
        ulong c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4; // 2^255 = 19
        ulong h0, h1, h2, h3, h4, r0, r1, r2, r3, r4, low;

        h0 = Math.BigMul(a0, b0, out low); r0 = low >> 13;
        h0 += Math.BigMul(a1, c4, out low); r0 += low >> 13;
        h0 += Math.BigMul(a2, c3, out low); r0 += low >> 13;
        h0 += Math.BigMul(a3, c2, out low); r0 += low >> 13;
        h0 += Math.BigMul(a4, c1, out low); r0 += low >> 13;

        h1 = Math.BigMul(a0, b1, out low); r1 = low >> 13;
        h1 += Math.BigMul(a1, b0, out low); r1 += low >> 13;
        h1 += Math.BigMul(a2, c4, out low); r1 += low >> 13;
        h1 += Math.BigMul(a3, c3, out low); r1 += low >> 13;
        h1 += Math.BigMul(a4, c2, out low); r1 += low >> 13;

        h2 = Math.BigMul(a0, b2, out low); r2 = low >> 13;
        h2 += Math.BigMul(a1, b1, out low); r2 += low >> 13;
        h2 += Math.BigMul(a2, b0, out low); r2 += low >> 13;
        h2 += Math.BigMul(a3, c4, out low); r2 += low >> 13;
        h2 += Math.BigMul(a4, c3, out low); r2 += low >> 13;

        h3 = Math.BigMul(a0, b3, out low); r3 = low >> 13;
        h3 += Math.BigMul(a1, b2, out low); r3 += low >> 13;
        h3 += Math.BigMul(a2, b1, out low); r3 += low >> 13;
        h3 += Math.BigMul(a3, b0, out low); r3 += low >> 13;
        h3 += Math.BigMul(a4, c4, out low); r3 += low >> 13;

        h4 = Math.BigMul(a0, b4, out low); r4 = low >> 13;
        h4 += Math.BigMul(a1, b3, out low); r4 += low >> 13;
        h4 += Math.BigMul(a2, b2, out low); r4 += low >> 13;
        h4 += Math.BigMul(a3, b1, out low); r4 += low >> 13;
        h4 += Math.BigMul(a4, b0, out low); r4 += low >> 13;

        return Carried(r0 + (19 * h4), r1 + h0, r2 + h1, r3 + h2, r4 + h3);
    }

    public FieldElement Squared()
    {
        ulong a0 = l0 << 6, a1 = l1 << 6, a2 = l2 << 6, a3 = l3 << 6, a4 = l4 << 6;
        ulong d0 = l0 << 8, d1 = l1 << 8; // doubled
        ulong b0 = l0 << 7, b1 = l1 << 7, b2 = l2 << 7, b3 = l3 << 7, b4 = l4 << 7;
        ulong c3 = 19 * b3, c4 = 19 * b4;
        ulong h0, h1, h2, h3, h4, r0, r1, r2, r3, r4, low, high;

        h0 = Math.BigMul(a0, b0, out low); r0 = low >> 13;
        high = Math.BigMul(a1, c4, out low); h0 += 2 * high; r0 += 2 * (low >> 13);
        high = Math.BigMul(a2, c3, out low); h0 += 2 * high; r0 += 2 * (low >> 13);

        h1 = Math.BigMul(d0, a1, out low); r1 = low >> 13;
        high = Math.BigMul(a2, c4, out low); h1 += 2 * high; r1 += 2 * (low >> 13);
        h1 += Math.BigMul(a3, c3, out low); r1 += low >> 13;

        h2 = Math.BigMul(d0, a2, out low); r2 = low >> 13;
        h2 += Math.BigMul(a1, b1, out low); r2 += low >> 13;
        high = Math.BigMul(a3, c4, out low); h2 += 2 * high; r2 += 2 * (low >> 13);

        h3 = Math.BigMul(d0, a3, out low); r3 = low >> 13;
        h3 += Math.BigMul(d1, a2, out low); r3 += low >> 13;
        h3 += Math.BigMul(a4, c4, out low); r3 += low >> 13;

        h4 = Math.BigMul(d0, a4, out low); r4 = low >> 13;
        h4 += Math.BigMul(d1, a3, out low); r4 += low >> 13;
        h4 += Math.BigMul(a2, b2, out low); r4 += low >> 13;
        return Carried(r0 + (19 * h4), r1 + h0, r2 + h1, r3 + h2, r4 + h3);
    }

    public FieldElement Squared(int times)
    {
        var result = this;
        for (var i = 0; i < times; i++) result = result.Squared();
        return result;
    }

    /// <summary>z^(p − 2), which is 1/z, and 0 for 0.</summary>
    public FieldElement Inverted()
    {
        var (z250, z11) = Chain();
        return z250.Squared(5) * z11;
    }

    /// <summary>z^((p − 5) / 8), the heart of a square root.</summary>
    public FieldElement Root()
    {
        var (z250, _) = Chain();
        return z250.Squared(2) * this;
    }

    /// <summary>For public values only: it takes longer the more leading bytes are zero.</summary>
    public bool IsZero
    {
        get
        {
            Span<byte> bytes = stackalloc byte[32];
            Write(bytes);
            return bytes.IndexOfAnyExcept((byte)0) < 0;
        }
    }

    /// <summary>The lowest bit of the representative below p, which a point's encoding carries as the sign of x.</summary>
    public int Sign
    {
        get
        {
            Span<byte> bytes = stackalloc byte[32];
            Write(bytes);
            return bytes[0] & 1;
        }
    }

    /// <summary>z^(2^250 − 1) and z^11.</summary>
    private (FieldElement Z250, FieldElement Z11) Chain()
    {
        var z2 = Squared();
        var z9 = z2.Squared(2) * this;
        var z11 = z9 * z2;
        var z5Ones = z11.Squared() * z9; // 2^5 − 1
        var z10Ones = z5Ones.Squared(5) * z5Ones;
        var z20Ones = z10Ones.Squared(10) * z10Ones;
        var z40Ones = z20Ones.Squared(20) * z20Ones;
        var z50Ones = z40Ones.Squared(10) * z10Ones;
        var z100Ones = z50Ones.Squared(50) * z50Ones;
        var z200Ones = z100Ones.Squared(100) * z100Ones;
        return (z200Ones.Squared(50) * z50Ones, z11);
    }

    private static FieldElement Carried(ulong r0, ulong r1, ulong r2, ulong r3, ulong r4)
    {
        r1 += r0 >> 51;
        r2 += r1 >> 51;
        r3 += r2 >> 51;
        r4 += r3 >> 51;
        r0 = (r0 & Mask) + (19 * (r4 >> 51));
        return new FieldElement(r0 & Mask, (r1 & Mask) + (r0 >> 51), r2 & Mask, r3 & Mask, r4 & Mask);
    }
}
