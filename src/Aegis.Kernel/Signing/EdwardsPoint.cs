namespace Aegis.Kernel.Signing;

/// <summary>
/// A point of −x² + y² = 1 + d·x²·y² in extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z. The formulas are those of Hisil, Wong, Carter and
/// Dawson (2008) for a = −1; they hold for all points, so adding never has to look at what it adds.
/// </summary>
internal readonly struct EdwardsPoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t)
{
    private static readonly FieldElement D = FieldElement.FromLimbs([0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff]);

    private static readonly FieldElement TwiceD =
        FieldElement.FromLimbs([0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff]);

    private static readonly FieldElement RootOfMinusOne =
        FieldElement.FromLimbs([0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d]);

    private readonly FieldElement x = x, y = y, z = z, t = t;

    /// <summary>The neutral element.</summary>
    public static EdwardsPoint Neutral { get; } = new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);

    /// <summary>The base point B.</summary>
    public static EdwardsPoint Base { get; } = FromAffine(
        FieldElement.FromLimbs([0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe, 0x216936d3cd6e5]),
        FieldElement.FromLimbs([0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333, 0x6666666666666]));

    /// <summary>True for the eight points whose order divides eight. For public points: it takes longer for some.</summary>
    public bool IsOfSmallOrder
    {
        get
        {
            var eightfold = Doubled().Doubled().Doubled();
            return eightfold.x.IsZero && (eightfold.y - eightfold.z).IsZero;
        }
    }

    /// <summary>Decodes a public point (RFC 8032 §5.1.3), strictly: y below p, and no minus sign on x = 0. It takes longer for some.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EdwardsPoint point)
    {
        point = Neutral;
        var y = FieldElement.Read(bytes);
        var sign = bytes[31] >> 7;
        Span<byte> canonical = stackalloc byte[32];
        y.Write(canonical);
        canonical[31] |= (byte)(sign << 7);
        if (!canonical.SequenceEqual(bytes)) return false;

        var square = y.Squared();
        var u = square - FieldElement.One;
        var v = (square * D) + FieldElement.One;
        var v3 = v.Squared() * v;
        var x = u * v3 * (u * v3.Squared() * v).Root(); // u·v³·(u·v⁷)^((p − 5) / 8)
        var check = v * x.Squared();
        if (!(check - u).IsZero)
        {
            if (!(check + u).IsZero) return false;
            x *= RootOfMinusOne;
        }

        if (x.IsZero && sign == 1) return false;
        if (x.Sign != sign) x = -x;
        point = FromAffine(x, y);
        return true;
    }

    public void Write(Span<byte> bytes)
    {
        var inverse = z.Inverted();
        (y * inverse).Write(bytes);
        bytes[31] |= (byte)((x * inverse).Sign << 7);
    }

    public static EdwardsPoint operator -(in EdwardsPoint p) => new(-p.x, p.y, p.z, -p.t);

    public static EdwardsPoint operator +(in EdwardsPoint p, in EdwardsPoint q)
    {
        var a = (p.y - p.x) * (q.y - q.x);
        var b = (p.y + p.x) * (q.y + q.x);
        var c = p.t * TwiceD * q.t;
        var d = p.z * (q.z + q.z);
        return Joined(b - a, d - c, d + c, b + a);
    }

    public static EdwardsPoint operator +(in EdwardsPoint p, in TablePoint q)
    {
        var a = (p.y - p.x) * q.Difference;
        var b = (p.y + p.x) * q.Sum;
        var c = p.t * q.Product;
        var d = p.z + p.z;
        return Joined(b - a, d - c, d + c, b + a);
    }

    public EdwardsPoint Doubled()
    {
        var a = x.Squared();
        var b = y.Squared();
        var c = z.Squared();
        var h = a + b;
        var g = a - b;
        return Joined(h - (x + y).Squared(), c + c + g, g, h);
    }

    /// <summary>The point in the form of <see cref="BaseTable"/>.</summary>
    public TablePoint ForTable()
    {
        var inverse = z.Inverted();
        var (px, py) = (x * inverse, y * inverse);
        return new TablePoint(py + px, py - px, px * py * TwiceD);
    }

    private static EdwardsPoint FromAffine(in FieldElement x, in FieldElement y) => new(x, y, FieldElement.One, x * y);

    private static EdwardsPoint Joined(in FieldElement e, in FieldElement f, in FieldElement g, in FieldElement h) => new(e * f, g * h, f * g, e * h);
}

/// <summary>A point with Z = 1 as it is added fastest: y + x, y − x and 2d·x·y.</summary>
internal readonly struct TablePoint(in FieldElement sum, in FieldElement difference, in FieldElement product)
{
    public readonly FieldElement Sum = sum, Difference = difference, Product = product;
}
