namespace Aegis.Audit.Verification;

/// <summary>The head as it is stored.</summary>
internal sealed record StoredHead(long Next, long Hashed, long Expired, string? Checkpoint);

/// <summary>An entry as it is stored.</summary>
internal sealed record StoredEntry(long Sequence, string Id, byte[] Salt, byte[] Body);

/// <summary>Reads what is stored and believes nothing of it.</summary>
internal sealed class StoredLog(BulkDatabase database, DbConnection connection)
{
    public async Task<StoredHead?> Head(CancellationToken ct)
    {
        await using var command = connection.Statement(
            $"SELECT Next, Hashed, Expired, [Checkpoint] FROM {database.Head} WHERE Id = @id", null, ("@id", LogHead.OnlyId));
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        return new StoredHead(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2),
            await reader.IsDBNullAsync(3, ct) ? null : reader.GetString(3));
    }

    public async Task<List<StoredEntry>> Entries(long from, long to, CancellationToken ct)
    {
        await using var command = connection.Statement(
            $"SELECT Sequence, Id, Salt, Body FROM {database.Entries} WHERE Sequence >= @from AND Sequence < @to ORDER BY Sequence", null,
            ("@from", from), ("@to", to));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<StoredEntry>();
        while (await reader.ReadAsync(ct))
            entries.Add(
                new StoredEntry(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3)));
        return entries;
    }

    /// <summary>An organization's rows that lists find these entries by, in the order of entries.</summary>
    public async Task<List<object?[]>> Owners(string organization, long from, long to, CancellationToken ct)
    {
        await using var command = connection.Statement(
            $"SELECT {string.Join(", ", EntryOwner.Columns.Select(c => $"[{c}]"))} FROM {database.Owners} WHERE OrganizationId = "
                + "@organization AND Sequence >= @from AND Sequence < @to ORDER BY Sequence",
            null, ("@organization", organization), ("@from", from), ("@to", to));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(ct))
        {
            var row = new object?[EntryOwner.Columns.Count];
            for (var i = 0; i < row.Length; i++) row[i] = await reader.IsDBNullAsync(i, ct) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>How many rows there are that lists find the entries before <paramref name="end"/> by.</summary>
    public async Task<long> CountOwners(long end, CancellationToken ct)
    {
        await using var command =
            connection.Statement($"SELECT COUNT(*) FROM {database.Owners} WHERE Sequence < @end", null, ("@end", end));
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }

    public async Task<Tile?> Tile(int level, long number, CancellationToken ct)
    {
        await using var command = connection.Statement(
            $"SELECT Hashes FROM {database.Tiles} WHERE Level = @level AND Number = @number", null, ("@level", level), ("@number", number));
        return await command.ExecuteScalarAsync(ct) is byte[] hashes ? new Tile(level, number, hashes) : null;
    }

    /// <summary>The lowest and the highest sequence of an entry.</summary>
    public async Task<(long Lowest, long Highest)?> Range(CancellationToken ct)
    {
        await using var command = connection.Statement($"SELECT MIN(Sequence), MAX(Sequence) FROM {database.Entries}", null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await reader.IsDBNullAsync(0, ct) ? null : (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>For each level with tiles: the lowest and the highest number.</summary>
    public async Task<List<(int Level, long Lowest, long Highest)>> Levels(CancellationToken ct)
    {
        await using var command =
            connection.Statement($"SELECT Level, MIN(Number), MAX(Number) FROM {database.Tiles} GROUP BY Level ORDER BY Level", null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var levels = new List<(int, long, long)>();
        while (await reader.ReadAsync(ct)) levels.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2)));
        return levels;
    }

    /// <summary>Bodies of entries that are durable and have no place yet.</summary>
    public async Task<List<byte[]>> Pending(CancellationToken ct)
    {
        const int max = 10_000; // what a busy installation has in some seconds
        await using var command = connection.Statement(database.SelectFirst(max, "Body", $"FROM {database.Pending} ORDER BY Id"), null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var bodies = new List<byte[]>();
        while (await reader.ReadAsync(ct)) bodies.Add(reader.GetFieldValue<byte[]>(0));
        return bodies;
    }
}
