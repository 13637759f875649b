using System.Numerics;
using Aegis.Kernel.Signing;
using Aegis.Tests.Studies.Content;

namespace Aegis.Tests.Signing;

/// <summary>The arithmetic below the signatures, against big integers, where it is at its limits.</summary>
public sealed class ScalarsTests
{
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    [Fact]
    public void Reducing_is_exact_around_every_multiple_that_is_hard()
    {
        var random = new Seeded(8032);
        var largest = BigInteger.Pow(2, 512) - 1;
        var numbers = new List<BigInteger> { 0, 1, L - 1, L, L + 1, 2 * L - 1, 2 * L, largest, largest / L * L, (largest / L * L) - 1 };
        for (var i = 0; i < 2000; i++)
        {
            var multiple = Draw(random, 1 + random.Below(32)) * L;
            numbers.AddRange([Draw(random, 64), multiple % largest, multiple + 1 <= largest ? multiple + 1 : 0, multiple > 0 ? multiple - 1 : 0]);
        }

        foreach (var number in numbers.Where(n => n <= largest))
        {
            var scalar = new byte[32];
            Scalars.Reduce(Bytes(number, 64), scalar);
            new BigInteger(scalar, isUnsigned: true).Should().Be(number % L, $"of {number}");
        }
    }

    [Fact]
    public void Multiplying_and_adding_is_exact()
    {
        var random = new Seeded(25519);
        var edge = BigInteger.Pow(2, 255) - 1;
        for (var i = 0; i < 2000; i++)
        {
            BigInteger[] numbers = [Pick(), Pick(), Pick()];
            var scalar = new byte[32];
            Scalars.MultiplyAdd(Bytes(numbers[0], 32), Bytes(numbers[1], 32), Bytes(numbers[2], 32), scalar);
            new BigInteger(scalar, isUnsigned: true).Should().Be(((numbers[0] * numbers[1]) + numbers[2]) % L);
        }

        BigInteger Pick() => random.Below(4) switch { 0 => edge, 1 => L - 1, _ => Draw(random, 32) & edge };
    }

    [Fact]
    public void Only_scalars_below_L_are_canonical()
    {
        Scalars.IsCanonical(Bytes(L - 1, 32)).Should().BeTrue();
        Scalars.IsCanonical(Bytes(L, 32)).Should().BeFalse();
        Scalars.IsCanonical(Bytes(L + 1, 32)).Should().BeFalse();
        Scalars.IsCanonical(Bytes(0, 32)).Should().BeTrue();
        Scalars.IsCanonical(Bytes(BigInteger.Pow(2, 256) - 1, 32)).Should().BeFalse();
    }

    [Fact]
    public void The_field_calculates_as_big_integers_do()
    {
        var random = new Seeded(51);
        var edge = BigInteger.Pow(2, 255) - 1;
        for (var i = 0; i < 2000; i++)
        {
            var (a, b, c) = (Pick(), Pick(), Pick());
            var (x, y, z) = (Element(a), Element(b), Element(c));

            Value(x * y).Should().Be(a * b % P);
            Value(x.Squared()).Should().Be(a * a % P);
            Value(x - y).Should().Be((((a - b) % P) + P) % P);
            Value((x + y) * (x + y + z)).Should().Be((a + b) * (a + b + c) % P);
            Value((x + y + z).Squared()).Should().Be(BigInteger.ModPow(a + b + c, 2, P));
            Value(-x + y + z).Should().Be((((b + c - a) % P) + P) % P);
            if (i < 100) Value(x.Inverted()).Should().Be(BigInteger.ModPow(a, P - 2, P));
        }

        BigInteger Pick() => random.Below(6) switch { 0 => edge, 1 => P, 2 => P - 1, 3 => edge - random.Below(40), _ => Draw(random, 32) & edge };
    }

    private static FieldElement Element(BigInteger number) => FieldElement.Read(Bytes(number, 32));

    private static BigInteger Value(FieldElement element)
    {
        var bytes = new byte[32];
        element.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }

    private static BigInteger Draw(Seeded random, int length) => new(random.Bytes(length), isUnsigned: true);

    private static byte[] Bytes(BigInteger number, int length)
    {
        var bytes = new byte[length];
        number.TryWriteBytes(bytes, out _, isUnsigned: true).Should().BeTrue();
        return bytes;
    }
}
