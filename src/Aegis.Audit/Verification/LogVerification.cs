namespace Aegis.Audit.Verification;

/// <summary>
/// Goes through the log once, from its first entry on, and computes everything anew: leaves from entries, tiles from leaves, roots for each
/// signed size. It works beside running hosts: what they add meanwhile is left for the next time.
/// </summary>
internal sealed class LogVerification(StoredLog stored, SignedHistory history, Action<long, long> progress)
{
    private readonly OwnerCheck owners = new(stored);
    private TreeEdge tree = TreeEdge.Empty;
    private long expiredByRecord;

    /// <summary>Entries that hold.</summary>
    public long Size => tree.Size;

    /// <summary>Of them, those of which only the commitments are kept.</summary>
    public long Expired { get; private set; }

    /// <exception cref="TamperedException">It is not what it was.</exception>
    public async Task Run(StoredHead head, CancellationToken ct)
    {
        if (head.Hashed > head.Next || head.Expired > head.Hashed || head.Expired % Tile.MaxHashes != 0 || head.Expired < 0)
            throw new TamperedException("The head of the log was changed: its sizes do not fit together.");
        history.Check(tree);
        Expired = head.Expired;
        while (tree.Size < head.Hashed)
        {
            await NextTile(head.Hashed, ct);
            progress(tree.Size, head.Hashed);
        }

        if (history.After(tree.Size) is { } beyond && (await stored.Head(ct))?.Hashed < beyond)
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"There is a signed checkpoint of {beyond} entries, and the log has {tree.Size}: the last ones were removed."));
        await Edges(ct);
        await NothingElse(ct);
        await Retention(ct);
        await owners.Conclude(tree.Size, ct);
    }

    private async Task NextTile(long size, CancellationToken ct)
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
            foreach (var full in grown.Where(g => g.Tile is { Level: > 0, Width: Tile.MaxHashes })) await Same(full.Tile, ct);
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
                Expired = now.Expired; // they expired while this was under way
                return await Leaves(first, width, ct);
            }

            throw new TamperedException(string.Create(CultureInfo.InvariantCulture, $"Entry {first + i} is missing."));
        }

        foreach (var entry in entries) Remember(entry.Body);
        return ([.. entries.Select(e => LogEntry.Leaf(e.Sequence, e.Salt, e.Body))], [.. entries.Select(e => $" ({e.Id})")], entries);
    }

    /// <summary>Entry and hash differ. Which of the two was changed is known where a hash of the next level covers the tile.</summary>
    private async Task<TamperedException> Changed(Tile tile, long sequence, string id, CancellationToken ct)
    {
        var above = tile.Width == Tile.MaxHashes ? await stored.Tile(1, tile.Number / Tile.MaxHashes, ct) : null;
        var place = (int)(tile.Number % Tile.MaxHashes);
        if (above is not null && place < above.Width && !above.Hash(place).AsSpan().SequenceEqual(tile.Root(0, Tile.MaxHashes)))
            return new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Tile {tile.Number} of level 0 was changed: the hash of entry {sequence}{id} in it is not the entry's."));
        return new TamperedException(
            string.Create(CultureInfo.InvariantCulture,
                $"Entry {sequence}{id} was changed, moved or replaced: its JSON and salt do not have the hash that the tree has."));
    }

    private async Task Same(Tile computed, CancellationToken ct)
    {
        var tile = await stored.Tile(computed.Level, computed.Number, ct);
        if (tile is null || tile.Width < computed.Width || !tile.Hashes.AsSpan(0, computed.Hashes.Length).SequenceEqual(computed.Hashes))
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Tile {computed.Number} of level {computed.Level} was changed, cut or removed: its hashes are not those of the "
                    + $"entries."));
    }

    /// <summary>The unfinished tiles of the higher levels, and that none is wider than the log is long.</summary>
    private async Task Edges(CancellationToken ct)
    {
        foreach (var unfinished in tree.Tiles().Where(t => t.Level > 0)) await Same(unfinished, ct);
        foreach (var (level, number) in TreeEdge.Unfinished(tree.Size))
        {
            var width = (await stored.Tile(level, number, ct))?.Width;
            if (await stored.Head(ct) is { } now && width > Tile.WidthAt(level, number, now.Hashed))
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"Tile {number} of level {level} has hashes beyond the log's end: they were added."));
        }
    }

    private async Task NothingElse(CancellationToken ct)
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
                    string.Create(CultureInfo.InvariantCulture, $"Entry {lowest} was added: the log begins with {before.Expired}."));
            if (highest >= after.Next)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture, $"Entry {highest} was added: the log ends with {after.Next - 1}."));
        }

        foreach (var (level, first, last) in levels)
        {
            var count = level == TileRow.Commitments ? after.Expired : Tile.LevelCount(level, after.Hashed);
            if (level < TileRow.Commitments || first < 0 || last * Tile.MaxHashes >= count)
                throw new TamperedException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"Tile {(first < 0 ? first : last)} of level {level} was added: the log does not reach that far."));
        }
    }

    /// <summary>What is gone by retention is written in the log itself.</summary>
    private async Task Retention(CancellationToken ct)
    {
        if (expiredByRecord >= Expired) return;
        foreach (var body in await stored.Pending(ct)) Remember(body);
        var now = await stored.Head(ct);
        foreach (var entry in await stored.Entries(tree.Size, now?.Next ?? tree.Size, ct)) Remember(entry.Body);
        if (expiredByRecord < Expired)
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Entry {expiredByRecord} is missing: retention deleted the entries before {expiredByRecord}, and those before "
                    + $"{Expired} are gone."));
    }

    private void Remember(byte[] body)
    {
        if (body.AsSpan().IndexOf(ExpireEntriesJob.ActionBytes) < 0) return;
        try
        {
            if (ExpireEntriesJob.ExpiredBefore(AuditFact.FromBytes(body)) is { } before)
                expiredByRecord = Math.Max(expiredByRecord, before);
        }
        catch (JsonException)
        {
            return; // it has its leaf like any other, and says nothing of retention
        }
    }
}
