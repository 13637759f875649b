namespace Aegis.Kernel.Identifiers;

/// <summary>
/// Counts up within a millisecond, so that ids of one process sort by creation there too (RFC 9562 §6.2, method 1). Beyond 4,095 ids a
/// millisecond, and when the clock goes to and fro between two calls, the order among them is lost, not their uniqueness.
/// </summary>
internal sealed class MillisecondOrder
{
    private const int Bits = 12;

    private long last; // a millisecond and how many ids it has

    public int Next(DateTimeOffset now)
    {
        var first = now.ToUnixTimeMilliseconds() << Bits;
        while (true)
        {
            var before = Volatile.Read(ref last);
            var next = before >> Bits == first >> Bits ? before + 1 : first;
            if (Interlocked.CompareExchange(ref last, next, before) == before) return (int)(next & ((1 << Bits) - 1));
        }
    }
}
