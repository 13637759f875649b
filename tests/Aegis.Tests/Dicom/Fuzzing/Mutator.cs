using System.Buffers.Binary;

namespace Aegis.Tests.Dicom.Fuzzing;

/// <summary>Damages files as real damage and forgery do. The same seed makes the same file.</summary>
internal static class Mutator
{
    private const int MaxMutations = 4;
    private static readonly byte[] SpecialBytes =
        [0x00, 0x01, 0x02, 0x08, 0x10, 0x1B, 0x28, 0x3D, 0x5C, 0x5E, 0x7F, 0x80, 0xE0, 0xFE, 0xFF];
    private static readonly uint[] SpecialNumbers =
        [0, 1, 2, 3, 7, 8, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0xE000FFFE, 0xE00DFFFE, 0xE0DDFFFE,
            0x00107FE0];
    private static readonly string[] Representations = ["OB", "OW", "UN", "SQ", "UT", "US", "FD", "PN", "UI", "DS", "QQ", "??", "OV"];

    public static byte[] Mutate(FuzzSample sample, Seeded random)
    {
        // Most damage is after the head, because a file without its prefix is refused at once.
        var (head, body) = (sample.Head, sample.Body);
        if (random.Below(20) == 0) head = MutateBytes(head, random);
        if (sample.IsDeflated && random.Below(2) == 0) return [.. head, .. MutateBytes(Part10File.Deflate(body), random)];
        body = MutateBytes(body, random);
        return [.. head, .. sample.IsDeflated ? Part10File.Deflate(body) : body];
    }

    private static byte[] MutateBytes(byte[] bytes, Seeded random)
    {
        bytes = (byte[])bytes.Clone();
        for (var left = 1 + random.Below(MaxMutations); left > 0 && bytes.Length > 8; left--) bytes = MutateOnce(bytes, random);
        return bytes;
    }

    private static byte[] MutateOnce(byte[] bytes, Seeded random)
    {
        var at = random.Below(bytes.Length - 4);
        var size = 1 + random.Below(Math.Min(bytes.Length - at, 64));
        switch (random.Below(10))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Below(8)); break;
            case 1: bytes[at] = (byte)random.Below(256); break;
            case 2: bytes[at] = SpecialBytes[random.Below(SpecialBytes.Length)]; break;
            case 3: BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), SpecialNumbers[random.Below(SpecialNumbers.Length)]); break;
            case 4:
                BinaryPrimitives.WriteUInt16BigEndian(
                bytes.AsSpan(at), (ushort)SpecialNumbers[random.Below(SpecialNumbers.Length)]); break;
            case 5: System.Text.Encoding.ASCII.GetBytes(Representations[random.Below(Representations.Length)]).CopyTo(bytes, at); break;
            case 6: return random.Below(4) == 0 ? bytes[..at] : bytes;
            case 7: return [.. bytes[..at], .. bytes[(at + size)..]];
            case 8: return [.. bytes[..at], .. random.Bytes(size), .. bytes[at..]];
            default: return [.. bytes[..at], .. bytes.AsSpan(at, size), .. bytes[at..]];
        }
        return bytes;
    }
}
