namespace Aegis.Kernel.Identifiers;

/// <summary>
/// Counts up within a millisecond, so that ids of one process sort by creation within it too (RFC 9562 §6.2, method 1). With more than
/// 4,095 ids in a millisecond, or a clock that jumps back and forth, ids may be out of order, but they stay unique.
/// </summary>
internal sealed class MillisecondOrder
{
    private const int Bits = 12;

    private long last; // the millisecond and the number of its ids

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
