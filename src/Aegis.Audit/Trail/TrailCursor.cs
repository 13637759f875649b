using Aegis.Kernel.Web.Lists;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Audit.Trail;

/// <summary>
/// Position of an entry in the list: its sequence or, in lists with <c>from</c> or <c>to</c>, its time and then its sequence.
/// </summary>
internal sealed record TrailPosition(long Ticks, long Sequence);

/// <summary>A boundary between two entries and the requested side of it. The entry at the position belongs to the newer side.</summary>
internal sealed record TrailCursor(long Ticks, long Sequence, bool IsNewer)
{
    private const string NewerMark = "newer";

    /// <summary>Entries older than this one.</summary>
    public static TrailCursor OlderThan(TrailPosition position) => new(position.Ticks, position.Sequence, IsNewer: false);

    /// <summary>Entries newer than this one.</summary>
    public static TrailCursor NewerThan(TrailPosition position) => new(position.Ticks, position.Sequence + 1, IsNewer: true);

    /// <summary>The other side of the same boundary.</summary>
    public TrailCursor Reversed() => this with { IsNewer = !IsNewer };

    public static TrailCursor? Of(PageQuery page)
    {
        if (page.After() is not { } text) return null;
        var parts = text.Split('.');
        if ((parts.Length == 2 || parts is [_, _, NewerMark])
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return new TrailCursor(ticks, sequence, parts.Length == 3);
        throw Invalid.Field("cursor", "cursor was not returned by this list. Start again without a cursor.");
    }

    public string Encode() =>
        PageQuery.Encode(string.Create(CultureInfo.InvariantCulture, $"{Ticks}.{Sequence}{(IsNewer ? $".{NewerMark}" : "")}"));

    /// <summary>The rows on the requested side.</summary>
    public IQueryable<EntryOwner> Bound(IQueryable<EntryOwner> rows, bool byTime)
    {
        if (!byTime) return IsNewer ? rows.Where(o => o.Sequence >= Sequence) : rows.Where(o => o.Sequence < Sequence);
        var at = new DateTimeOffset(Ticks, TimeSpan.Zero);
        return IsNewer
            ? rows.Where(o => o.At >= at && (o.At > at || o.Sequence >= Sequence))
            : rows.Where(o => o.At <= at && (o.At < at || o.Sequence < Sequence));
    }
}
