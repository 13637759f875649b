namespace Aegis.Auth.Pages;

/// <summary>The codewords of a QR code: data in blocks, each with its Reed-Solomon remainder, interleaved (ISO/IEC 18004 §7.4–7.6).</summary>
internal static class QrBlocks
{
    private const int ByteMode = 0b0100;
    private const int ShortCount = 10; // versions whose character count has eight bits end before it
    private const int FieldPolynomial = 0x11D;

    // By version, for error correction M (table 9).
    private static readonly int[] CorrectionPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
    private static readonly int[] BlockCount = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

    /// <summary>All codewords in their order, or null when the version is too small.</summary>
    public static byte[]? Encode(ReadOnlySpan<byte> text, int version)
    {
        var (correction, blocks) = (CorrectionPerBlock[version - 1], BlockCount[version - 1]);
        var all = QrGrid.DataModules(version) / 8;
        var capacity = all - correction * blocks;
        return Data(text, version, capacity) is { } data ? Interleave(data, all, correction, blocks) : null;
    }

    /// <summary>Mode, count, text, end and padding.</summary>
    private static byte[]? Data(ReadOnlySpan<byte> text, int version, int capacity)
    {
        var bits = new List<bool>(capacity * 8);
        void Put(int value, int length)
        {
            for (var i = length - 1; i >= 0; i--) bits.Add(((value >> i) & 1) == 1);
        }

        var countBits = version < ShortCount ? 8 : 16;
        if (4 + countBits + text.Length * 8 > capacity * 8 || text.Length >= 1 << countBits) return null;
        Put(ByteMode, 4);
        Put(text.Length, countBits);
        foreach (var one in text) Put(one, 8);
        Put(0, Math.Min(4, capacity * 8 - bits.Count));
        Put(0, (8 - bits.Count % 8) % 8);
        for (var pad = 0xEC; bits.Count < capacity * 8; pad ^= 0xEC ^ 0x11) Put(pad, 8);
        return [.. bits.Chunk(8).Select(octet => (byte)octet.Aggregate(0, (value, bit) => (value << 1) | (bit ? 1 : 0)))];
    }

    private static byte[] Interleave(byte[] data, int all, int correction, int blocks)
    {
        var longBlocks = all % blocks;
        var shortLength = all / blocks - correction;
        var generator = Generator(correction);
        var (parts, remainders, at) = (new List<byte[]>(), new List<byte[]>(), 0);
        for (var i = 0; i < blocks; i++)
        {
            var length = shortLength + (i < blocks - longBlocks ? 0 : 1);
            parts.Add(data[at..(at + length)]);
            remainders.Add(Remainder(parts[i], generator));
            at += length;
        }

        var result = new List<byte>(all);
        for (var i = 0; i <= shortLength; i++) result.AddRange(parts.Where(p => i < p.Length).Select(p => p[i]));
        for (var i = 0; i < correction; i++) result.AddRange(remainders.Select(r => r[i]));
        return [.. result];
    }

    /// <summary>(x − 1)(x − α)…(x − α^(degree − 1)), without its leading 1.</summary>
    internal static byte[] Generator(int degree)
    {
        var polynomial = new byte[degree];
        polynomial[^1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j < degree; j++)
                polynomial[j] = (byte)(Multiply(polynomial[j], root) ^ (j + 1 < degree ? polynomial[j + 1] : 0));
            root = Multiply(root, 2);
        }

        return polynomial;
    }

    internal static byte[] Remainder(byte[] data, byte[] generator)
    {
        var rest = new byte[generator.Length];
        foreach (var one in data)
        {
            var factor = (byte)(one ^ rest[0]);
            Array.Copy(rest, 1, rest, 0, rest.Length - 1);
            rest[^1] = 0;
            for (var i = 0; i < rest.Length; i++) rest[i] ^= Multiply(generator[i], factor);
        }

        return rest;
    }

    private static byte Multiply(byte a, byte b)
    {
        var product = 0;
        for (var bit = 7; bit >= 0; bit--)
        {
            product = (product << 1) ^ ((product >> 7) * FieldPolynomial);
            product ^= ((b >> bit) & 1) * a;
        }

        return (byte)product;
    }
}
