using System.Buffers.Binary;
using Aegis.Audit.Notes;

namespace Aegis.Interop.Tests.Signing;

/// <summary>Compares our Ed25519 with libcrypto's: the same keys, the same signatures, the same decisions about damaged input.</summary>
public sealed class DifferentialTests
{
    private const int Rounds = 5_000;

    [InteropFact("libcrypto")]
    public void Keys_and_signatures_equal_those_of_OpenSSL()
    {
        for (var i = 0; i < Rounds; i++)
        {
            var (seed, message) = (Bytes("seed", i, 32), Bytes("message", i, i % 300));
            var (key, signature) = (Ed25519.PublicKey(seed), Ed25519.Sign(seed, message));

            key.Should().Equal(LibCrypto.PublicKey(seed), $"round {i}");
            signature.Should().Equal(LibCrypto.Sign(seed, message), $"round {i}");
            Ed25519.Verify(key, message, signature).Should().BeTrue();
            LibCrypto.Verify(key, message, signature).Should().BeTrue();
        }
    }

    [InteropFact("libcrypto")]
    public void Damaged_signatures_keys_and_messages_are_refused_like_by_OpenSSL()
    {
        var refused = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var (seed, message) = (Bytes("seed", i, 32), Bytes("message", i, 40));
            var (key, signature) = (Ed25519.PublicKey(seed), Ed25519.Sign(seed, message));
            var damage = BinaryPrimitives.ReadUInt16LittleEndian(Bytes("damage", i, 2));
            var target = (damage % 4) switch { 0 => key, 1 => message, _ => signature };
            target[(damage >> 5) % target.Length] ^= (byte)(1 << ((damage >> 2) & 7));

            var ours = Ed25519.Verify(key, message, signature);

            ours.Should().Be(LibCrypto.Verify(key, message, signature), $"round {i}");
            refused += ours ? 0 : 1;
        }

        refused.Should().Be(Rounds);
    }

    private static byte[] Bytes(string label, int round, int length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var bytes = new byte[length];
        for (var done = 0; done < length; done += SHA512.HashSizeInBytes)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{label} {round} {done}")));
            var block = hash.GetHashAndReset();
            block.AsSpan(0, Math.Min(block.Length, length - done)).CopyTo(bytes.AsSpan(done));
        }

        return bytes;
    }
}
