namespace Aegis.Audit.Trail;

/// <summary>Reads an organization's trail piece by piece, in either direction, along one index.</summary>
internal sealed class TrailReader(AuditDb db)
{
    // Filters that no index answers look at this many entries a piece and go on with the next piece.
    private const int MaxScan = 5_000;

    /// <summary>Finds the next entries from a cut on: on its newer side oldest first, else newest first.</summary>
    /// <param name="organizationId">Whose trail.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="cursor">From where on; null for the newest ones.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="last">The last sequence that counts, or null.</param>
    /// <param name="ct">Ends the call early.</param>
    public async Task<TrailPiece> Find(
        string organizationId, AuditFilter filter, TrailCursor? cursor, int size, long? last, CancellationToken ct)
    {
        var oldestFirst = cursor?.IsNewer is true;
        var rows = db.Owners.AsNoTracking().Where(o => o.OrganizationId == organizationId);
        if (cursor is not null) rows = cursor.Bound(rows, filter.ByTime);
        if (last is not null) rows = rows.Where(o => o.Sequence <= last);

        var range = Ordered(filter.Range(rows), filter.ByTime, oldestFirst);
        var looked = filter.IsRange ? range : range.Take(MaxScan);
        var found = await Ordered(filter.Match(looked), filter.ByTime, oldestFirst).Take(size + 1)
            .Select(o => new TrailPosition(o.At.UtcTicks, o.Sequence)).ToListAsync(ct);
        if (found.Count <= size) return new TrailPiece(found, filter.IsRange ? null : await EndOfScan(looked, ct));

        found.RemoveAt(size);
        return new TrailPiece(found, found[^1]);
    }

    /// <summary>
    /// The entries at these places, as the caller may see them. A key that is narrowed to partners is not shown what happened with others.
    /// </summary>
    public async Task<List<AuditItem>> Load(Caller caller, IReadOnlyList<TrailPosition> places, CancellationToken ct)
    {
        var sequences = places.Select(p => p.Sequence).ToList();
        var entries = await db.Entries.AsNoTracking().Where(e => sequences.Contains(e.Sequence)).ToDictionaryAsync(e => e.Sequence, ct);
        var facts = sequences.Where(entries.ContainsKey).Select(s => AuditFact.FromBytes(entries[s].Body)); // one may have expired since
        return [.. (await facts.Concerning(caller, db, ct)).Select(f => AuditItem.From(f, caller.OrganizationId))];
    }

    /// <summary>The newest place of the organization's trail.</summary>
    public Task<long?> Newest(string organizationId, CancellationToken ct) =>
        db.Owners.Where(o => o.OrganizationId == organizationId).MaxAsync(o => (long?)o.Sequence, ct);

    /// <summary>The place of one of the organization's entries.</summary>
    public Task<TrailPosition?> PlaceOf(string organizationId, string entryId, CancellationToken ct) =>
        (from entry in db.Entries
         where entry.Id == entryId
         join owner in db.Owners on entry.Sequence equals owner.Sequence
         where owner.OrganizationId == organizationId
         select new TrailPosition(owner.At.UtcTicks, owner.Sequence)).FirstOrDefaultAsync(ct);

    private static IOrderedQueryable<EntryOwner> Ordered(IQueryable<EntryOwner> rows, bool byTime, bool oldestFirst) =>
        (byTime, oldestFirst) switch
        {
            (true, true) => rows.OrderBy(o => o.At).ThenBy(o => o.Sequence),
            (true, false) => rows.OrderByDescending(o => o.At).ThenByDescending(o => o.Sequence),
            (false, true) => rows.OrderBy(o => o.Sequence),
            (false, false) => rows.OrderByDescending(o => o.Sequence),
        };

    /// <summary>The last entry looked at when the scan was longer than allowed, else null.</summary>
    private static Task<TrailPosition?> EndOfScan(IQueryable<EntryOwner> looked, CancellationToken ct) =>
        looked.Skip(MaxScan - 1).Select(o => new TrailPosition(o.At.UtcTicks, o.Sequence)).FirstOrDefaultAsync(ct);
}

/// <summary>Some entries in the order of reading.</summary>
/// <param name="Places">Where they stand; fewer than asked for, even none, while there may be more.</param>
/// <param name="End">The last place that was looked at, when there may be more behind it.</param>
internal sealed record TrailPiece(IReadOnlyList<TrailPosition> Places, TrailPosition? End);
