using Aegis.Kernel.Web.Lists;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Audit.Trail;

/// <summary>
/// Where an entry stands in the list: by its sequence or, in lists with <c>from</c> or <c>to</c>, by its time and then its sequence.
/// </summary>
internal sealed record TrailPosition(long Ticks, long Sequence);

/// <summary>A cut between two entries, and the side of it that is asked for. The place itself belongs to the newer side.</summary>
internal sealed record TrailCursor(long Ticks, long Sequence, bool IsNewer)
{
    private const string NewerMark = "newer";

    /// <summary>What is older than an entry.</summary>
    public static TrailCursor OlderThan(TrailPosition place) => new(place.Ticks, place.Sequence, IsNewer: false);

    /// <summary>What is newer than an entry.</summary>
    public static TrailCursor NewerThan(TrailPosition place) => new(place.Ticks, place.Sequence + 1, IsNewer: true);

    /// <summary>The other side of the same cut.</summary>
    public TrailCursor Turned() => this with { IsNewer = !IsNewer };

    public static TrailCursor? Of(PageQuery page)
    {
        if (page.After() is not { } text) return null;
        var parts = text.Split('.');
        if ((parts.Length == 2 || parts is [_, _, NewerMark])
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return new TrailCursor(ticks, sequence, parts.Length == 3);
        throw Invalid.Field("cursor", "cursor is not one that this list gave out. Start again without it.");
    }

    public string Encode() =>
        PageQuery.Encode(string.Create(CultureInfo.InvariantCulture, $"{Ticks}.{Sequence}{(IsNewer ? $".{NewerMark}" : "")}"));

    /// <summary>The rows on the side that is asked for.</summary>
    public IQueryable<EntryOwner> Bound(IQueryable<EntryOwner> rows, bool byTime)
    {
        if (!byTime) return IsNewer ? rows.Where(o => o.Sequence >= Sequence) : rows.Where(o => o.Sequence < Sequence);
        var at = new DateTimeOffset(Ticks, TimeSpan.Zero);
        return IsNewer
            ? rows.Where(o => o.At >= at && (o.At > at || o.Sequence >= Sequence))
            : rows.Where(o => o.At <= at && (o.At < at || o.Sequence < Sequence));
    }
}
