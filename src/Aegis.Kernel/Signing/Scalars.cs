using System.Buffers.Binary;
using System.Diagnostics;

namespace Aegis.Kernel.Signing;

/// <summary>
/// Arithmetic modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point. Barrett's reduction (Handbook of Applied
/// Cryptography, 14.42) with words of 64 bits: the quotient is at most two too small, so two masked subtractions are all it takes.
/// </summary>
internal static class Scalars
{
    public const int Size = 32;

    private const int Words = 4;

    private static ReadOnlySpan<ulong> Order => [0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000, 0];

    /// <summary>⌊2^512 / L⌋.</summary>
    private static ReadOnlySpan<ulong> Mu => [0xed9ce5a30a2c131b, 0x2106215d086329a7, 0xffffffffffffffeb, 0xffffffffffffffff, 0xf];

    /// <summary>True for the one encoding of a scalar: below L. For public values: it compares byte by byte.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> scalar)
    {
        for (var word = Words - 1; word >= 0; word--)
        {
            var value = BinaryPrimitives.ReadUInt64LittleEndian(scalar[(8 * word)..]);
            if (value != Order[word]) return value < Order[word];
        }

        return false;
    }

    /// <summary>A digest of 64 bytes modulo L.</summary>
    public static void Reduce(ReadOnlySpan<byte> digest, Span<byte> scalar)
    {
        Span<ulong> wide = stackalloc ulong[2 * Words];
        Load(digest, wide);
        Reduce(wide, scalar);
        wide.Clear();
    }

    /// <summary>a · b + c modulo L, for any three numbers below 2^255.</summary>
    public static void MultiplyAdd(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, Span<byte> scalar)
    {
        Span<ulong> words = stackalloc ulong[3 * Words];
        Load(a, words[..Words]);
        Load(b, words[Words..(2 * Words)]);
        Load(c, words[(2 * Words)..]);
        Span<ulong> wide = stackalloc ulong[2 * Words];
        Multiply(words[..Words], words[Words..(2 * Words)], wide);
        ulong carry = 0;
        for (var i = 0; i < 2 * Words; i++)
        {
            var next = Add(wide[i], carry, out wide[i]);
            if (i < Words) next += Add(wide[i], words[(2 * Words) + i], out wide[i]);
            carry = next;
        }

        Reduce(wide, scalar);
        words.Clear();
        wide.Clear();
    }

    private static void Reduce(ReadOnlySpan<ulong> wide, Span<byte> scalar)
    {
        Span<ulong> estimate = stackalloc ulong[(2 * Words) + 2];
        Multiply(wide[(Words - 1)..], Mu, estimate);
        Span<ulong> product = stackalloc ulong[(2 * Words) + 2];
        Multiply(estimate[(Words + 1)..], Order, product);

        Span<ulong> rest = stackalloc ulong[Words + 1];
        Span<ulong> less = stackalloc ulong[Words + 1];
        _ = Subtract(wide[..(Words + 1)], product[..(Words + 1)], rest);
        for (var i = 0; i < 2; i++)
        {
            var keep = 0UL - Subtract(rest, Order, less); // all ones when the rest was below L
            for (var word = 0; word < rest.Length; word++) rest[word] = less[word] ^ (keep & (rest[word] ^ less[word]));
        }

        for (var word = 0; word < Words; word++) BinaryPrimitives.WriteUInt64LittleEndian(scalar[(8 * word)..], rest[word]);
        estimate.Clear();
        product.Clear();
        rest.Clear();
        less.Clear();
    }

    private static void Load(ReadOnlySpan<byte> bytes, Span<ulong> words)
    {
        for (var word = 0; word < words.Length; word++) words[word] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * word)..]);
    }

    private static void Multiply(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> product)
    {
        Debug.Assert(product.Length == a.Length + b.Length, "The product has as many words as both factors.");
        product.Clear();
        for (var i = 0; i < a.Length; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < b.Length; j++)
            {
                var high = Math.BigMul(a[i], b[j], out var low); // has room for two more words: (2^64 − 1)² + 2 (2^64 − 1) = 2^128 − 1
                high += Add(low, product[i + j], out low);
                high += Add(low, carry, out product[i + j]);
                carry = high;
            }

            product[i + b.Length] = carry;
        }
    }

    /// <summary>Writes a + b and gives the carry, 0 or 1, without a comparison.</summary>
    private static ulong Add(ulong a, ulong b, out ulong sum)
    {
        var result = a + b;
        sum = result;
        return ((a & b) | ((a | b) & ~result)) >> 63;
    }

    /// <summary>Writes a − b and gives the borrow, 0 or 1.</summary>
    private static ulong Subtract(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> difference)
    {
        ulong borrow = 0;
        for (var word = 0; word < difference.Length; word++)
        {
            var (x, y) = (a[word], b[word]);
            var result = x - y - borrow;
            borrow = ((~x & y) | (~(x ^ y) & result)) >> 63; // the sign rules of a subtraction, without a comparison
            difference[word] = result;
        }

        return borrow;
    }
}
