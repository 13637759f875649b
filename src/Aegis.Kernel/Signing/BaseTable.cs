namespace Aegis.Kernel.Signing;

/// <summary>
/// Multiples of the base point, computed once: 1 to 8 times 256^i·B for each i. A multiplication reads every entry of a row and keeps the
/// one it needs by a mask, so that neither a branch nor an address tells of the scalar.
/// </summary>
internal static class BaseTable
{
    private const int Rows = 32;
    private const int Columns = 8;
    private const int Limbs = 5;

    private static readonly ulong[] Entries = Compute();

    /// <summary>scalar · B for a scalar below 2^255, in constant time.</summary>
    public static EdwardsPoint Multiply(ReadOnlySpan<byte> scalar)
    {
        Span<sbyte> digits = stackalloc sbyte[2 * Rows];
        Split(scalar, digits);

        // Odd digits first, times 16, then the even ones: half the table does for both.
        var result = EdwardsPoint.Neutral;
        for (var row = 0; row < Rows; row++) result += Entry(row, digits[(2 * row) + 1]);
        result = result.Doubled().Doubled().Doubled().Doubled();
        for (var row = 0; row < Rows; row++) result += Entry(row, digits[2 * row]);
        digits.Clear();
        return result;
    }

    /// <summary>Digits from −8 to 8 in base 16, lowest first.</summary>
    private static void Split(ReadOnlySpan<byte> scalar, Span<sbyte> digits)
    {
        var carry = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = ((scalar[i / 2] >> (4 * (i & 1))) & 15) + carry;
            carry = i == digits.Length - 1 ? 0 : (digit + 8) >> 4;
            digits[i] = (sbyte)(digit - (carry << 4));
        }
    }

    private static TablePoint Entry(int row, int digit)
    {
        var negative = digit >> 31; // all ones or zero
        var size = (uint)((digit ^ negative) - negative);
        Span<ulong> found = stackalloc ulong[3 * Limbs];
        found.Clear();
        for (var column = 0; column < Columns; column++)
        {
            var mask = 0UL - ((((ulong)(size ^ (uint)(column + 1))) - 1) >> 63); // all ones where they are equal
            var entry = Entries.AsSpan(((row * Columns) + column) * 3 * Limbs, 3 * Limbs);
            for (var limb = 0; limb < found.Length; limb++) found[limb] |= entry[limb] & mask;
        }

        // A digit of zero found nothing: the neutral element is (1, 1, 0).
        var none = (((ulong)size) - 1) >> 63;
        found[0] |= none;
        found[Limbs] |= none;

        var sum = FieldElement.FromLimbs(found);
        var difference = FieldElement.FromLimbs(found[Limbs..]);
        var product = FieldElement.FromLimbs(found[(2 * Limbs)..]);
        var swap = (ulong)(long)negative;
        return new TablePoint(
            FieldElement.Select(swap, difference, sum), FieldElement.Select(swap, sum, difference), FieldElement.Select(swap, -product, product));
    }

    private static ulong[] Compute()
    {
        var entries = new ulong[Rows * Columns * 3 * Limbs];
        var power = EdwardsPoint.Base;
        for (var row = 0; row < Rows; row++)
        {
            var multiple = power;
            for (var column = 0; column < Columns; column++)
            {
                var entry = entries.AsSpan(((row * Columns) + column) * 3 * Limbs);
                var point = multiple.ForTable();
                point.Sum.CopyLimbs(entry);
                point.Difference.CopyLimbs(entry[Limbs..]);
                point.Product.CopyLimbs(entry[(2 * Limbs)..]);
                multiple += power;
            }

            for (var doubling = 0; doubling < 8; doubling++) power = power.Doubled();
        }

        return entries;
    }
}
