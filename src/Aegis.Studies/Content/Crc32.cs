using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Aegis.Studies.Content;

/// <summary>
/// CRC-32 as zip uses it (reflected 0xEDB88320). Long runs are folded 64 bytes at a time by carry-less multiplication
/// (Intel, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ"); the rest, and other processors, by eight tables.
/// </summary>
internal struct Crc32
{
    private const int FoldFrom = 64;
    private const int TableCount = 8;
    private static readonly uint[] Tables = BuildTables();

    /// <summary>The checksum of what was appended so far; 0 for nothing.</summary>
    public uint Value { get; private set; }

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32();
        crc.Append(bytes);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = ~Value;
        if (Pclmulqdq.IsSupported && bytes.Length >= FoldFrom)
        {
            crc = Fold(crc, bytes);
            bytes = bytes[(bytes.Length & ~15)..];
        }

        Value = ~Scan(crc, bytes);
    }

    /// <summary>The tables alone; for processors without carry-less multiplication, and for the test that compares both.</summary>
    public static uint Scan(uint crc, ReadOnlySpan<byte> bytes)
    {
        static uint At(int table, uint index) => Tables[(table << 8) + (int)(index & 0xFF)];
        while (bytes.Length >= TableCount)
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = At(7, low) ^ At(6, low >> 8) ^ At(5, low >> 16) ^ At(4, low >> 24)
                ^ At(3, high) ^ At(2, high >> 8) ^ At(1, high >> 16) ^ At(0, high >> 24);
            bytes = bytes[TableCount..];
        }

        foreach (var b in bytes)
            crc = At(0, crc ^ b) ^ (crc >> 8);
        return crc;
    }

    // The 128 bits left by the folding have the same remainder as all bytes before, so the tables finish the job.
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var by512 = Vector128.Create(0x01_5444_2BD4UL, 0x01_C6E4_1596UL); // x^(512±32) mod P, reflected
        var by128 = Vector128.Create(0x01_7519_97D0UL, 0x00_CCAA_009EUL); // x^(128±32) mod P, reflected
        var a = blocks[0] ^ Vector128.CreateScalar((ulong)crc);
        var (b, c, d) = (blocks[1], blocks[2], blocks[3]);

        blocks = blocks[4..];
        while (blocks.Length >= 4)
        {
            a = Multiply(a, by512) ^ blocks[0];
            b = Multiply(b, by512) ^ blocks[1];
            c = Multiply(c, by512) ^ blocks[2];
            d = Multiply(d, by512) ^ blocks[3];
            blocks = blocks[4..];
        }

        a = Multiply(a, by128) ^ b;
        a = Multiply(a, by128) ^ c;
        a = Multiply(a, by128) ^ d;
        foreach (var block in blocks)
            a = Multiply(a, by128) ^ block;

        Span<byte> rest = stackalloc byte[16];
        a.AsByte().CopyTo(rest);
        return Scan(0, rest);
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> x, Vector128<ulong> k) =>
        Pclmulqdq.CarrylessMultiply(x, k, 0x00) ^ Pclmulqdq.CarrylessMultiply(x, k, 0x11);

    private static uint[] BuildTables()
    {
        var tables = new uint[TableCount << 8];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++)
            tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 0xFF];
        return tables;
    }
}
