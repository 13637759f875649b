namespace Aegis.Audit.Sequencing;

/// <summary>Writes the stored tree. Tiles are written in the transaction of their entries.</summary>
internal sealed class TreeWriter(BulkDatabase database, DbConnection connection)
{
    private const int OlderAtOnce = 4_096; // the head moves with each batch, so a host that catches up does not look dead

    /// <summary>Loads the edge of the stored tree at this size.</summary>
    public async Task<TreeEdge> Load(long size, CancellationToken ct)
    {
        var tiles = new List<Tile>();
        foreach (var (level, number) in TreeEdge.Unfinished(size))
        {
            if (await Read(level, number, ct) is { } tile) tiles.Add(tile);
        }

        return TreeEdge.From(size, tiles);
    }

    /// <summary>The root of the stored tree at a smaller size.</summary>
    public async Task<byte[]> RootAt(long size, CancellationToken ct) => (await Load(size, ct)).Root();

    public async Task Write(IReadOnlyList<GrownTile> tiles, DbTransaction transaction, CancellationToken ct)
    {
        foreach (var (tile, isNew) in tiles)
        {
            var sql = isNew
                ? $"INSERT INTO {database.Tiles} (Level, Number, Hashes) VALUES (@level, @number, @hashes)"
                : $"UPDATE {database.Tiles} SET Hashes = @hashes WHERE Level = @level AND Number = @number";
            var written =
                await connection.Run(sql, transaction, ct, ("@level", tile.Level), ("@number", tile.Number), ("@hashes", tile.Hashes));
            if (written != 1)
                throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"Tile {tile.Number} of level {tile.Level} is missing in the audit log's tree."));
        }
    }

    /// <summary>Hashes the next entries from before the tree existed; null if the head has moved.</summary>
    public async Task<TreeEdge?> HashOlder(TreeEdge tree, LogLease lease, CancellationToken ct)
    {
        var leaves = await ReadLeaves(tree.Size, Math.Min(tree.Size + OlderAtOnce, lease.Next), ct);
        var (grown, tiles) = tree.Append(leaves);
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var moved = await connection.Run(
            $"UPDATE {database.Head} SET Hashed = @after WHERE Id = @id AND Epoch = @epoch AND Hashed = @before",
            transaction, ct, ("@after", grown.Size), ("@id", LogHead.OnlyId), ("@epoch", lease.Epoch), ("@before", tree.Size));
        if (moved != 1) return null;

        await Write(tiles, transaction, ct);
        await transaction.CommitAsync(ct);
        return grown;
    }

    private async Task<Tile?> Read(int level, long number, CancellationToken ct)
    {
        await using var command = connection.Statement(
            $"SELECT Hashes FROM {database.Tiles} WHERE Level = @level AND Number = @number", null, ("@level", level), ("@number", number));
        return await command.ExecuteScalarAsync(ct) is byte[] hashes ? new Tile(level, number, hashes) : null;
    }

    private async Task<List<byte[]>> ReadLeaves(long from, long to, CancellationToken ct)
    {
        await using var command = connection.Statement(
            $"SELECT Sequence, Salt, Body FROM {database.Entries} WHERE Sequence >= @from AND Sequence < @to ORDER BY Sequence", null,
            ("@from", from), ("@to", to));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var leaves = new List<byte[]>();
        while (await reader.ReadAsync(ct))
        {
            var sequence = reader.GetInt64(0);
            if (sequence != from + leaves.Count) break;
            leaves.Add(LogEntry.Leaf(sequence, reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
        }

        if (leaves.Count < to - from)
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"The audit log has no entry {from + leaves.Count}."));
        return leaves;
    }
}
