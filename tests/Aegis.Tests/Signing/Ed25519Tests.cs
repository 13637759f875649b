using System.Numerics;
using Aegis.Audit.Notes;

namespace Aegis.Tests.Signing;

/// <summary>The vectors of RFC 8032 §7.1, and the strict checks of keys and signatures.</summary>
public sealed class Ed25519Tests
{
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData(
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void The_vectors_of_RFC_8032_are_reproduced(string seed, string publicKey, string message, string signature)
    {
        var (secret, text) = (Convert.FromHexString(seed), Convert.FromHexString(message));

        var key = Ed25519.PublicKey(secret);
        var signed = Ed25519.Sign(secret, text);

        Convert.ToHexStringLower(key).Should().Be(publicKey);
        Convert.ToHexStringLower(signed).Should().Be(signature);
        Ed25519.Verify(key, text, signed).Should().BeTrue();
    }

    [Fact]
    public void Every_changed_bit_makes_a_signature_invalid()
    {
        var seed = SHA256.HashData("bits"u8);
        var (key, message) = (Ed25519.PublicKey(seed), "0123456789"u8.ToArray());
        var signature = Ed25519.Sign(seed, message);

        for (var bit = 0; bit < 8 * signature.Length; bit++)
            Ed25519.Verify(key, message, Flipped(signature, bit)).Should().BeFalse($"bit {bit}");
        for (var bit = 0; bit < 8 * message.Length; bit++)
            Ed25519.Verify(key, Flipped(message, bit), signature).Should().BeFalse($"bit {bit}");
        for (var bit = 0; bit < 8 * key.Length; bit++) Ed25519.Verify(Flipped(key, bit), message, signature).Should().BeFalse($"bit {bit}");
    }

    [Fact]
    public void The_same_signature_with_S_plus_L_is_refused()
    {
        var seed = SHA256.HashData("malleable"u8);
        var signature = Ed25519.Sign(seed, "text"u8);
        var larger = new BigInteger(signature.AsSpan(32), isUnsigned: true) + L;
        var other = signature.AsSpan(0, 32).ToArray().Concat(Bytes(larger)).ToArray();

        Ed25519.Verify(Ed25519.PublicKey(seed), "text"u8, other).Should().BeFalse();
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")] // the neutral element
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // order 2
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")] // order 4
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")] // order 4
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")] // order 8
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")] // order 8
    public void A_key_of_small_order_is_rejected(string publicKey)
    {
        var key = Convert.FromHexString(publicKey);
        var forAnything = new byte[64];
        forAnything[0] = 1; // R neutral, S = 0: fits every message whose digest is a multiple of the key's order

        Ed25519.IsPublicKey(key).Should().BeFalse();
        for (var i = 0; i < 16; i++) Ed25519.Verify(key, [(byte)i], forAnything).Should().BeFalse();
    }

    [Fact]
    public void A_key_that_is_not_canonical_or_not_on_the_curve_is_rejected()
    {
        var notCanonical = Enumerable.Range(0, 19).Select(i => Bytes(P + i)); // y + p still fits into 255 bits
        var minusZero = Enumerable.Range(0, 2).Select(i => Bytes((i == 0 ? BigInteger.One : P - 1) + BigInteger.Pow(2, 255)));

        notCanonical.Concat(minusZero).Should().AllSatisfy(k => Ed25519.IsPublicKey(k).Should().BeFalse());
        Ed25519.IsPublicKey(Bytes(2)).Should().BeFalse("y = 2 has no x");
        Ed25519.IsPublicKey(Bytes(3)).Should().BeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Input_of_a_wrong_length_is_refused(int length)
    {
        var seed = SHA256.HashData("length"u8);
        var signature = Ed25519.Sign(seed, []);

        Ed25519.Verify(new byte[length], [], signature).Should().BeFalse();
        Ed25519.Verify(Ed25519.PublicKey(seed), [], new byte[2 * length]).Should().BeFalse();
        FluentActions.Invoking(() => Ed25519.Sign(new byte[length], [])).Should().Throw<ArgumentException>();
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        number.TryWriteBytes(bytes, out _, isUnsigned: true).Should().BeTrue();
        return bytes;
    }
}
