namespace Aegis.Audit.Trail;

/// <summary>
/// Reads an organization's trail in pieces, in either direction, along one index. <see cref="CallTrail"/> stores the entries of calls; the
/// sequencer moves them into the log. <see cref="AuditController"/> returns pages, and <see cref="ExportController"/> streams everything
/// through <see cref="TrailExport"/>. <see cref="AuditFilter"/> and <see cref="TrailCursor"/> select the rows of <see cref="EntryOwner"/>,
/// and <see cref="EntryVisibility"/> drops entries that the caller may not see. <see cref="KeyWatch"/> interrupts an export when its key
/// ends, and <see cref="ExportAudit"/> records its start and end. If the trail cannot be written, the call is refused.
/// </summary>
internal sealed class TrailReader(AuditDb db)
{
    // A filter that no index covers reads at most this many entries for one piece, and continues with the next piece.
    private const int MaxScan = 5_000;

    /// <summary>Finds the next entries from a boundary: oldest first on its newer side, else newest first.</summary>
    /// <param name="organizationId">The organization whose trail is read.</param>
    /// <param name="filter">Selects the entries.</param>
    /// <param name="cursor">Where to start; null for the newest entries.</param>
    /// <param name="size">Maximum number of entries.</param>
    /// <param name="last">The last sequence to include, or null.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task<TrailPiece> Find(
        string organizationId, AuditFilter filter, TrailCursor? cursor, int size, long? last, CancellationToken ct)
    {
        var oldestFirst = cursor?.IsNewer is true;
        var rows = db.Owners.AsNoTracking().Where(o => o.OrganizationId == organizationId);
        if (cursor is not null) rows = cursor.Bound(rows, filter.ByTime);
        if (last is not null) rows = rows.Where(o => o.Sequence <= last);

        var range = Ordered(filter.Range(rows), filter.ByTime, oldestFirst);
        var scanned = filter.IsRange ? range : range.Take(MaxScan);
        var found = await Ordered(filter.Match(scanned), filter.ByTime, oldestFirst).Take(size + 1)
            .Select(o => new TrailPosition(o.At.UtcTicks, o.Sequence)).ToListAsync(ct);
        if (found.Count <= size) return new TrailPiece(found, filter.IsRange ? null : await EndOfScan(scanned, ct));

        found.RemoveAt(size);
        return new TrailPiece(found, found[^1]);
    }

    /// <summary>
    /// Loads the entries at these positions as the caller may see them. A key that is limited to partners does not see entries about
    /// others.
    /// </summary>
    public async Task<List<AuditItem>> Load(Caller caller, IReadOnlyList<TrailPosition> positions, CancellationToken ct)
    {
        var sequences = positions.Select(p => p.Sequence).ToList();
        var entries = await db.Entries.AsNoTracking().Where(e => sequences.Contains(e.Sequence)).ToDictionaryAsync(e => e.Sequence, ct);
        // an entry may have expired since
        var facts = sequences.Where(entries.ContainsKey).Select(s => AuditFact.FromBytes(entries[s].Body));
        return [.. (await facts.VisibleTo(caller, db, ct)).Select(f => AuditItem.From(f, caller.OrganizationId))];
    }

    /// <summary>The newest sequence in the organization's trail.</summary>
    public Task<long?> Newest(string organizationId, CancellationToken ct) =>
        db.Owners.Where(o => o.OrganizationId == organizationId).MaxAsync(o => (long?)o.Sequence, ct);

    /// <summary>The position of one of the organization's entries.</summary>
    public Task<TrailPosition?> PositionOf(string organizationId, string entryId, CancellationToken ct) =>
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

    /// <summary>The last entry of a scan that reached its limit, else null.</summary>
    private static Task<TrailPosition?> EndOfScan(IQueryable<EntryOwner> scanned, CancellationToken ct) =>
        scanned.Skip(MaxScan - 1).Select(o => new TrailPosition(o.At.UtcTicks, o.Sequence)).FirstOrDefaultAsync(ct);
}

/// <summary>A piece of the trail, in reading order.</summary>
/// <param name="Positions">Positions of the entries. There may be fewer than requested, or none, although more follow.</param>
/// <param name="End">The last position that was read, if more may follow.</param>
internal sealed record TrailPiece(IReadOnlyList<TrailPosition> Positions, TrailPosition? End);
