namespace Aegis.Audit.Verification;

/// <summary>The stored head.</summary>
internal sealed record StoredHead(long Next, long Hashed, long Expired, string? Checkpoint);

/// <summary>A stored entry.</summary>
internal sealed record StoredEntry(long Sequence, string Id, byte[] Salt, byte[] Body);

/// <summary>Reads the stored log without trusting any of it.</summary>
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

    /// <summary>The rows by which an organization finds these entries, in order of sequence.</summary>
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

    /// <summary>Number of such rows of all organizations for the entries before <paramref name="end"/>.</summary>
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

    /// <summary>The lowest and highest sequence of all entries.</summary>
    public async Task<(long Lowest, long Highest)?> Range(CancellationToken ct)
    {
        await using var command = connection.Statement($"SELECT MIN(Sequence), MAX(Sequence) FROM {database.Entries}", null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await reader.IsDBNullAsync(0, ct) ? null : (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>The lowest and highest tile number of each level.</summary>
    public async Task<List<(int Level, long Lowest, long Highest)>> Levels(CancellationToken ct)
    {
        await using var command =
            connection.Statement($"SELECT Level, MIN(Number), MAX(Number) FROM {database.Tiles} GROUP BY Level ORDER BY Level", null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var levels = new List<(int, long, long)>();
        while (await reader.ReadAsync(ct)) levels.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2)));
        return levels;
    }

    /// <summary>Bodies of entries that are durable but not sequenced yet.</summary>
    public async Task<List<byte[]>> Pending(CancellationToken ct)
    {
        const int max = 10_000; // as many as a busy installation writes in a few seconds
        await using var command = connection.Statement(database.SelectFirst(max, "Body", $"FROM {database.Pending} ORDER BY Id"), null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var bodies = new List<byte[]>();
        while (await reader.ReadAsync(ct)) bodies.Add(reader.GetFieldValue<byte[]>(0));
        return bodies;
    }
}
