namespace Aegis.Tests.Studies.Content;

/// <summary>Repeatable random numbers (xorshift64*): the same seed gives the same test.</summary>
internal sealed class Seeded(ulong seed)
{
    private ulong state = seed * 0x9E3779B97F4A7C15 + 1;

    public ulong Next()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1D;
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public long Below(long limit) => (long)(Next() % (ulong)limit);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(Next() >> 32);
        return bytes;
    }

    /// <summary>Bytes with runs and repetitions, which compress well.</summary>
    public byte[] Compressible(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count;)
        {
            var run = Math.Min(count - i, 1 + Below(300));
            var back = i > 0 && Below(3) > 0 ? 1 + Below(Math.Min(i, 40_000)) : 0;
            for (var end = i + run; i < end; i++)
                bytes[i] = back > 0 ? bytes[i - back] : (byte)Below(40);
        }

        return bytes;
    }
}
