using System.Globalization;
using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Lists;
using Aegis.Kernel.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Audit.Trail;

/// <summary>The audit trail of the caller's organization.</summary>
[Tags("Audit")]
[ApiController, Route("v1/audit")]
internal sealed class AuditController(AuditDb db, Caller caller, CatchUp catchUp) : ControllerBase
{
    // Filters that no index answers look at this many entries a page and go on with the next page.
    private const int LongestScan = 5_000;

    /// <summary>Lists the organization's audit entries, newest first. Everything that was answered before this call began is in it.</summary>
    /// <remarks>
    /// A page of a rare filter may hold fewer entries than <c>limit</c>, even none, while <c>nextCursor</c> leads on: go on until it is null.
    /// </remarks>
    /// <response code="400">validation_failed</response>
    [HttpGet, RequireScope(Scopes.AuditRead)]
    public async Task<Page<AuditItem>> List([FromQuery] AuditFilter filter, [FromQuery] PageQuery page, CancellationToken ct)
    {
        var (size, after) = (page.Size(), Position.Of(page));
        await catchUp.Wait(ct);

        var rows = db.Owners.AsNoTracking().Where(o => o.OrganizationId == caller.OrganizationId);
        var range = filter.Range(after is null ? rows : after.Behind(rows, filter.ByTime)).Take(LongestScan);
        var found = await Ordered(filter.Match(range), filter.ByTime).Take(size + 1)
            .Select(o => new Position(o.At.UtcTicks, o.Sequence)).ToListAsync(ct);

        var more = found.Count > size;
        if (more) found.RemoveAt(size);
        var last = more ? found[^1] : await EndOfScan(range, ct);
        return new Page<AuditItem>(await Load(found, ct), last?.ToCursor());
    }

    private static IOrderedQueryable<EntryOwner> Ordered(IQueryable<EntryOwner> rows, bool byTime) => byTime
        ? rows.OrderByDescending(o => o.At).ThenByDescending(o => o.Sequence)
        : rows.OrderByDescending(o => o.Sequence);

    /// <summary>The last entry looked at when the scan was longer than allowed, else null.</summary>
    private static Task<Position?> EndOfScan(IQueryable<EntryOwner> range, CancellationToken ct) =>
        range.Skip(LongestScan - 1).Select(o => new Position(o.At.UtcTicks, o.Sequence)).FirstOrDefaultAsync(ct);

    private async Task<List<AuditItem>> Load(List<Position> found, CancellationToken ct)
    {
        var sequences = found.ConvertAll(p => p.Sequence);
        var entries = await db.Entries.AsNoTracking().Where(e => sequences.Contains(e.Sequence)).ToDictionaryAsync(e => e.Sequence, ct);
        return found.FindAll(p => entries.ContainsKey(p.Sequence)) // an entry may expire between the two queries
            .ConvertAll(p => AuditItem.From(entries[p.Sequence], caller.OrganizationId));
    }

    /// <summary>A place in the list: the cursor holds both, since lists by time are ordered by time.</summary>
    private sealed record Position(long Ticks, long Sequence)
    {
        public static Position? Of(PageQuery page)
        {
            if (page.After() is not { } text) return null;
            var parts = text.Split('.');
            if (parts.Length == 2
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                return new Position(ticks, sequence);
            throw Invalid.Field("cursor", "cursor is not one that this list gave out. Start again without it.");
        }

        public string ToCursor() => PageQuery.Encode(string.Create(CultureInfo.InvariantCulture, $"{Ticks}.{Sequence}"));

        public IQueryable<EntryOwner> Behind(IQueryable<EntryOwner> rows, bool byTime)
        {
            if (!byTime) return rows.Where(o => o.Sequence < Sequence);
            var at = new DateTimeOffset(Ticks, TimeSpan.Zero);
            return rows.Where(o => o.At <= at && (o.At < at || o.Sequence < Sequence));
        }
    }
}
