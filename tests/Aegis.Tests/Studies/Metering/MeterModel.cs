namespace Aegis.Tests.Studies.Metering;

/// <summary>
/// A simple model of the meter: every byte is a member of a set, and the rules are written as in the specification.
/// </summary>
internal sealed class MeterModel(IReadOnlySet<long> counted, double half, int? maxViews)
{
    private static readonly TimeSpan Hour = TimeSpan.FromMinutes(60);

    private readonly List<ModelStream> leases = []; // of running streams, and of streams whose host died
    private DateTimeOffset coveredUntil = DateTimeOffset.MinValue;
    private ModelStream? broken;

    /// <summary>Every byte of an instance that was ever sent.</summary>
    public HashSet<long> Sent { get; } = [];

    public long SentBytes { get; private set; }

    /// <summary>The bytes of instances that the meter has counted.</summary>
    public HashSet<long> Served { get; } = [];

    public long ServedBytes { get; private set; }

    /// <summary>Counted bytes in the meter that no view covers.</summary>
    public HashSet<long> Uncovered { get; } = [];

    public int Views { get; private set; }

    /// <summary>The number of bytes until the next view.</summary>
    public double Half => half;

    public bool IsCovered(ModelStream stream) => stream.IsCovered || stream.RequestedAt < coveredUntil;

    /// <summary>Null when the request is refused.</summary>
    public ModelStream? Begin(long from, long to, long bytes, bool isPartial, DateTimeOffset now)
    {
        var continues = now >= coveredUntil && now < coveredUntil + TimeSpan.FromHours(11) && isPartial
            && leases.Where(l => l.Continues || l.RequestedAt < coveredUntil).Select(l => l with { Reach = l.To, Until = l.Expires + Hour })
                .Concat(broken is null ? [] : [broken])
                .Any(d => now < d.Until && d.From < from && from <= d.Reach && to <= d.To);
        var covered = now < coveredUntil || continues;
        if (!covered && Views >= maxViews) return null;
        var stream = new ModelStream(from, to, bytes, now) { IsCovered = covered, Continues = continues, Position = from, Stored = from };
        leases.Add(stream);
        Renew(stream, now);
        Arm(stream);
        return stream;
    }

    /// <summary>True when the stream has reached the position at which a view may be due.</summary>
    public bool Send(ModelStream stream, long payload, long bytes)
    {
        for (var i = 0; i < payload; i++) Sent.Add(stream.Position + i);
        stream.Position += payload;
        stream.Bytes += bytes;
        SentBytes += bytes;
        if (stream.Known is null || stream.Known.Union(Range(stream.Stored, stream.Position).Where(counted.Contains)).Count() < half)
            return false;
        stream.Known = null;
        return true;
    }

    public void Flush(ModelStream stream, DateTimeOffset now)
    {
        Store(stream, now);
        Renew(stream, now);
    }

    public void Settle(ModelStream stream, DateTimeOffset now)
    {
        Store(stream, now);
        leases.Remove(stream);
        if (stream.Bytes >= stream.Asked || !IsCovered(stream)) return;
        var off = stream with { Reach = stream.Position, Until = now + Hour };
        broken = broken is null || now >= broken.Until ? off : off with
        {
            From = Math.Min(off.From, broken.From),
            Reach = Math.Max(off.Reach, broken.Reach),
            To = Math.Max(off.To, broken.To),
            Until = off.Until > broken.Until ? off.Until : broken.Until,
        };
    }

    private void Store(ModelStream stream, DateTimeOffset now)
    {
        Served.UnionWith(Range(stream.Stored, stream.Position));
        ServedBytes += stream.Bytes - stream.StoredBytes;
        if (!IsCovered(stream)) Uncovered.UnionWith(Range(stream.Stored, stream.Position).Where(counted.Contains));
        (stream.Stored, stream.StoredBytes) = (stream.Position, stream.Bytes);
        if (!IsCovered(stream) && Uncovered.Count >= half)
        {
            (Views, coveredUntil, broken) = (Views + 1, now + Hour, null);
            Uncovered.Clear();
        }

        Arm(stream);
    }

    private void Arm(ModelStream stream) => stream.Known = IsCovered(stream) ? null : [.. Uncovered];

    private static void Renew(ModelStream stream, DateTimeOffset now) => stream.Expires = now + TimeSpan.FromSeconds(30);

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var i = from; i < to; i++) yield return i;
    }
}

/// <summary>One stream of the model. Compared by reference, because it is in several lists.</summary>
internal sealed record ModelStream(long From, long To, long Asked, DateTimeOffset RequestedAt)
{
    public bool IsCovered { get; init; }

    public bool Continues { get; init; }

    public long Position { get; set; }

    public long Stored { get; set; }

    public long Bytes { get; set; }

    public long StoredBytes { get; set; }

    public DateTimeOffset Expires { get; set; }

    /// <summary>The uncovered bytes that this stream knows; null when a view covers it.</summary>
    public HashSet<long>? Known { get; set; }

    public long Reach { get; init; }

    public DateTimeOffset Until { get; init; }

    public bool Equals(ModelStream? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
