namespace Aegis.Audit.Verification;

/// <summary>
/// Reads the log once from its first entry and computes everything again: leaves from entries, tiles from leaves, and the root at each
/// signed size. Hosts may keep running; entries they add during the check are left for the next one.
/// </summary>
internal sealed class LogVerification(StoredLog stored, SignedHistory history, Action<long, long> progress)
{
    private readonly OwnerCheck owners = new(stored);
    private TreeEdge tree = TreeEdge.Empty;
    private long expiredByRecord;

    /// <summary>Number of entries that were checked.</summary>
    public long Size => tree.Size;

    /// <summary>Number of expired entries, of which only the commitments are kept.</summary>
    public long Expired { get; private set; }

    /// <exception cref="TamperedException">The log was changed.</exception>
    public async Task Run(StoredHead head, CancellationToken ct)
    {
        if (head.Hashed > head.Next || head.Expired > head.Hashed || head.Expired % Tile.MaxHashes != 0 || head.Expired < 0)
            throw new TamperedException("The head of the log was changed: its sizes contradict each other.");
        history.Check(tree);
        Expired = head.Expired;
        while (tree.Size < head.Hashed)
        {
            await CheckNextTile(head.Hashed, ct);
            progress(tree.Size, head.Hashed);
        }

        if (history.After(tree.Size) is { } beyond && (await stored.Head(ct))?.Hashed < beyond)
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"There is a signed checkpoint of {beyond} entries, but the log has {tree.Size}: the last ones were removed."));
        await CheckEdges(ct);
        await CheckNothingAdded(ct);
        await CheckRetention(ct);
        await owners.Conclude(tree.Size, ct);
    }

    private async Task CheckNextTile(long size, CancellationToken ct)
    {
        var (first, number) = (tree.Size, tree.Size / Tile.MaxHashes);
        var width = Tile.WidthAt(0, number, size);
        var (leaves, ids, entries) = await Leaves(first, width, ct);
        var tile = await stored.Tile(0, number, ct);
        for (var i = 0; i < width; i++)
        {
            if (tile is null || i >= tile.Width)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"The hash of entry {first + i}{ids[i]} is missing: tile {number} of level 0 was removed or cut."));
            if (!tile.Hash(i).AsSpan().SequenceEqual(leaves[i])) throw await Changed(tile, first + i, ids[i], ct);
        }

        if (entries.Count > 0) await owners.Check(entries, ct);
        for (var done = 0; done < width;)
        {
            var to = Math.Min(first + width, history.After(tree.Size) ?? long.MaxValue);
            (tree, var grown) = tree.Append(leaves[done..(int)(to - first)]);
            done = (int)(to - first);
            foreach (var full in grown.Where(g => g.Tile is { Level: > 0, Width: Tile.MaxHashes })) await RequireSame(full.Tile, ct);
            history.Check(tree);
        }
    }

    private async Task<(byte[][] Leaves, string[] Ids, List<StoredEntry> Entries)> Leaves(long first, int width, CancellationToken ct)
    {
        if (first < Expired)
        {
            var number = first / Tile.MaxHashes;
            var kept = await stored.Tile(TileRow.Commitments, number, ct);
            if (kept?.Width != Tile.MaxHashes)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture, $"The commitments of the expired entries from {first} on are missing."));
            return ([.. Enumerable.Range(0, width).Select(i => Hashing.Leaf(Hashing.LeafData(first + i, kept.Hash(i))))],
                [.. Enumerable.Repeat(" (expired)", width)], []);
        }

        var entries = await stored.Entries(first, first + width, ct);
        for (var i = 0; i < width; i++)
        {
            if (i < entries.Count && entries[i].Sequence == first + i) continue;
            if (await stored.Head(ct) is { } now && now.Expired > first)
            {
                Expired = now.Expired; // the entries expired during the check
                return await Leaves(first, width, ct);
            }

            throw new TamperedException(string.Create(CultureInfo.InvariantCulture, $"Entry {first + i} is missing."));
        }

        foreach (var entry in entries) ReadExpiry(entry.Body);
        return ([.. entries.Select(e => LogEntry.Leaf(e.Sequence, e.Salt, e.Body))], [.. entries.Select(e => $" ({e.Id})")], entries);
    }

    /// <summary>Entry and hash differ. If a hash of the next level covers the tile, it shows which of the two was changed.</summary>
    private async Task<TamperedException> Changed(Tile tile, long sequence, string id, CancellationToken ct)
    {
        var above = tile.Width == Tile.MaxHashes ? await stored.Tile(1, tile.Number / Tile.MaxHashes, ct) : null;
        var place = (int)(tile.Number % Tile.MaxHashes);
        if (above is not null && place < above.Width && !above.Hash(place).AsSpan().SequenceEqual(tile.Root(0, Tile.MaxHashes)))
            return new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Tile {tile.Number} of level 0 was changed: its hash of entry {sequence}{id} is not that of the entry."));
        return new TamperedException(
            string.Create(CultureInfo.InvariantCulture,
                $"Entry {sequence}{id} was changed, moved or replaced: the hash of its JSON and salt is not the one in the tree."));
    }

    private async Task RequireSame(Tile computed, CancellationToken ct)
    {
        var tile = await stored.Tile(computed.Level, computed.Number, ct);
        if (tile is null || tile.Width < computed.Width || !tile.Hashes.AsSpan(0, computed.Hashes.Length).SequenceEqual(computed.Hashes))
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Tile {computed.Number} of level {computed.Level} was changed, cut or removed: its hashes are not those of the "
                    + $"entries."));
    }

    /// <summary>Checks the unfinished tiles of the higher levels, and that no tile is longer than the log.</summary>
    private async Task CheckEdges(CancellationToken ct)
    {
        foreach (var unfinished in tree.Tiles().Where(t => t.Level > 0)) await RequireSame(unfinished, ct);
        foreach (var (level, number) in TreeEdge.Unfinished(tree.Size))
        {
            var width = (await stored.Tile(level, number, ct))?.Width;
            if (await stored.Head(ct) is { } now && width > Tile.WidthAt(level, number, now.Hashed))
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"Tile {number} of level {level} has hashes beyond the log's end: they were added."));
        }
    }

    private async Task CheckNothingAdded(CancellationToken ct)
    {
        var before = await stored.Head(ct);
        var range = await stored.Range(ct);
        var levels = await stored.Levels(ct);
        var after = await stored.Head(ct);
        if (before is null || after is null) throw new TamperedException("The head of the log was removed.");
        if (range is var (lowest, highest))
        {
            if (lowest < before.Expired)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture, $"Entry {lowest} was added: the log starts at {before.Expired}."));
            if (highest >= after.Next)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture, $"Entry {highest} was added: the log ends at {after.Next - 1}."));
        }

        foreach (var (level, first, last) in levels)
        {
            var count = level == TileRow.Commitments ? after.Expired : Tile.LevelCount(level, after.Hashed);
            if (level < TileRow.Commitments || first < 0 || last * Tile.MaxHashes >= count)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"Tile {(first < 0 ? first : last)} of level {level} was added: it is beyond the log's end."));
        }
    }

    /// <summary>Checks that an entry of the log records the expiry of every missing entry.</summary>
    private async Task CheckRetention(CancellationToken ct)
    {
        if (expiredByRecord >= Expired) return;
        foreach (var body in await stored.Pending(ct)) ReadExpiry(body);
        var now = await stored.Head(ct);
        foreach (var entry in await stored.Entries(tree.Size, now?.Next ?? tree.Size, ct)) ReadExpiry(entry.Body);
        if (expiredByRecord < Expired)
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Entry {expiredByRecord} is missing: retention deleted the entries before {expiredByRecord}, but those before "
                    + $"{Expired} are missing."));
    }

    private void ReadExpiry(byte[] body)
    {
        if (body.AsSpan().IndexOf(ExpireEntriesJob.ActionBytes) < 0) return;
        try
        {
            if (ExpireEntriesJob.ExpiredBefore(AuditFact.FromBytes(body)) is { } before)
                expiredByRecord = Math.Max(expiredByRecord, before);
        }
        catch (JsonException)
        {
            return; // an unreadable entry records no expiry; its hash is checked like any other
        }
    }
}
