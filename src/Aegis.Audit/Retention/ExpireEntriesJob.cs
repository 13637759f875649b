using Aegis.Kernel.Jobs;

namespace Aegis.Audit.Retention;

/// <summary>
/// Deletes expired entries from the start of the log, in whole tiles of 256. Their hashes and commitments stay, so proofs of all other
/// entries remain valid. An entry of the log records the deletion in the same transaction.
/// </summary>
internal sealed class ExpireEntriesJob(AuditDb db, AuditOptions options, TimeProvider clock) : IRecurringJob
{
    public const string Action = "audit.entries_expired";

    private const string Before = "before";
    private const int TilesAtOnce = 8;      // one transaction locks the database for tens of milliseconds
    private const int TransactionsPerRun = 200;

    public static string Name => "audit.expire-entries";

    public static string Cron => "0 37 * * * ?";

    internal static ReadOnlySpan<byte> ActionBytes => "audit.entries_expired"u8;

    /// <summary>The first entry that was kept, if this fact records an expiry; else null.</summary>
    public static long? ExpiredBefore(AuditFact fact) =>
        fact is { Kind: AuditFact.Event, Action: Action, Actor: null } && fact.Details?.TryGetValue(Before, out var value) is true
            && value.TryGetInt64(out var before)
            ? before
            : null;

    public async Task Run(CancellationToken ct)
    {
        for (var i = 0; i < TransactionsPerRun && await ExpireSome(ct); i++) db.ChangeTracker.Clear();
    }

    private async Task<bool> ExpireSome(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var head = await db.Heads.AsNoTracking().Where(h => h.Id == LogHead.OnlyId).Select(h => new { h.Expired, h.CheckpointSize })
            .FirstOrDefaultAsync(ct);
        if (head is null) return false;
        var max = Math.Min(head.Expired + (TilesAtOnce * Tile.MaxHashes), head.CheckpointSize); // only signed entries are deleted
        var entries = await db.Entries.AsNoTracking().Where(e => e.Sequence >= head.Expired && e.Sequence < max).OrderBy(e => e.Sequence)
            .ToListAsync(ct);
        var tiles = entries.Chunk(Tile.MaxHashes)
            .TakeWhile((tile, i) => tile.Length == Tile.MaxHashes && tile[0].Sequence == head.Expired + (i * Tile.MaxHashes)
                && tile.All(e => TimeOf(e) < now.AddDays(-options.RetentionDays)))
            .ToList();
        if (tiles.Count == 0) return false;

        var before = head.Expired + (tiles.Count * Tile.MaxHashes);
        return await db.InTransaction(() => Expire(head.Expired, before, tiles, now, ct), ct) > 0;
    }

    private async Task<int> Expire(long from, long before, List<LogEntry[]> tiles, DateTimeOffset now, CancellationToken ct)
    {
        // Another host may do the same; the update of the head succeeds on one host only.
        if (await db.Heads.Where(h => h.Expired == from).ExecuteUpdateAsync(h => h.SetProperty(x => x.Expired, before), ct) != 1) return 0;

        foreach (var tile in tiles)
            db.Tiles.Add(TileRow.Keep(tile[0].Sequence / Tile.MaxHashes, [.. tile.SelectMany(e => Hashing.Commitment(e.Salt, e.Body))]));
        db.Pending.Add(Record(before, now));
        await db.SaveChangesAsync(ct);
        foreach (var organization in tiles.SelectMany(t => t).SelectMany(Organizations).Distinct(StringComparer.Ordinal))
            await db.Owners.Where(o => o.OrganizationId == organization && o.Sequence >= from && o.Sequence < before)
                .ExecuteDeleteAsync(ct);
        return await db.Entries.Where(e => e.Sequence >= from && e.Sequence < before).ExecuteDeleteAsync(ct);
    }

    private AuditPendingRow Record(long before, DateTimeOffset now)
    {
        var fact = new AuditFact(
            Ids.New("log", now), now, AuditFact.Event, Action, null, AuditFact.Success, null, [Caller.Platform], null,
            new Dictionary<string, JsonElement>
            {
                [Before] = JsonSerializer.SerializeToElement(before),
                ["retentionDays"] = JsonSerializer.SerializeToElement(options.RetentionDays),
            });
        return new AuditPendingRow { Id = fact.Id, At = now, Body = fact.ToBytes() };
    }

    private static DateTimeOffset TimeOf(LogEntry entry) =>
        Read(entry)?.At ?? Ids.TimeOf(entry.Id) ?? DateTimeOffset.MinValue;

    private static IReadOnlyList<string> Organizations(LogEntry entry) => Read(entry)?.Organizations ?? [];

    private static AuditFact? Read(LogEntry entry)
    {
        try
        {
            return AuditFact.FromBytes(entry.Body);
        }
        catch (JsonException)
        {
            return null; // an unreadable entry has no owners; its id contains its time
        }
    }
}
