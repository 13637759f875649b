using System.Data;

namespace Aegis.Audit.Sequencing;

/// <summary>A durable entry that waits to be sequenced.</summary>
internal sealed record PendingEntry(string Id, long At, byte[] Body);

/// <summary>Moves pending entries into the log. Entries, owners, tree and head change in one transaction.</summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private readonly BulkDatabase database;
    private readonly DbConnection connection;
    private readonly TreeWriter trees;
    private readonly ILogger log;
    private readonly RowStatement entries;
    private readonly RowStatement owners;
    private readonly RowStatement delete;

    public LogWriter(BulkDatabase database, DbConnection connection, TreeWriter trees, ILogger log)
    {
        (this.database, this.connection, this.trees, this.log) = (database, connection, trees, log);
        entries = RowStatement.Insert(
            connection, database.Entries,
            new Column("Sequence", DbType.Int64), new Column("Id", DbType.String, Ids.MaxLength),
            new Column("Body", DbType.Binary, -1), new Column("Salt", DbType.Binary, LogEntry.SaltLength));
        owners = RowStatement.Insert(
            connection, database.Owners,
            new Column("OrganizationId", DbType.String, Ids.MaxLength), new Column("Sequence", DbType.Int64),
            new Column("At", DbType.Int64),
            new Column("Kind", DbType.String, EntryOwner.CodeLength), new Column("Action", DbType.String, EntryOwner.ActionLength),
            new Column("Object", DbType.String, Ids.MaxLength), new Column("Outcome", DbType.String, EntryOwner.CodeLength),
            new Column("Subject", DbType.String, Ids.MaxLength), new Column("KeyId", DbType.String, Ids.MaxLength),
            new Column("Name", DbType.String, EntryOwner.NameLength), new Column("OnBehalfOf", DbType.String, EntryOwner.ClaimLength));
        delete = RowStatement.Delete(connection, database.Pending, new Column("Id", DbType.String, Ids.MaxLength));
    }

    /// <summary>Appends the batch to the log; null if the head has moved, which means that another host writes the log now.</summary>
    public async Task<TreeEdge?> Append(IReadOnlyList<PendingEntry> batch, LogLease lease, TreeEdge tree, CancellationToken ct)
    {
        var next = tree.Size;
        var salts = batch.Select(_ => RandomNumberGenerator.GetBytes(LogEntry.SaltLength)).ToList();
        var (grown, tiles) = tree.Append(batch.Select((p, i) => LogEntry.Leaf(next + i, salts[i], p.Body)).ToList());
        var entryRows = batch.Select((p, i) => new object?[] { next + i, p.Id, p.Body, salts[i] }).ToList();
        var ownerRows = batch.SelectMany((p, i) => OwnersOf(p, next + i)).ToList();
        var ids = batch.Select(p => new object?[] { p.Id }).ToList();

        using var turn = await database.WriteTurn(isUrgent: false, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var moved = await connection.Run(
            $"UPDATE {database.Head} SET Next = @after, Hashed = @after WHERE Id = @id AND Epoch = @epoch AND Next = @next AND Hashed "
                + "= @next",
            transaction, ct, ("@after", grown.Size), ("@id", LogHead.OnlyId), ("@epoch", lease.Epoch), ("@next", next));
        if (moved != 1) return null;

        await entries.Run(entryRows, transaction, ct);
        await trees.Write(tiles, transaction, ct);
        await owners.Run(ownerRows, transaction, ct);
        await delete.Run(ids, transaction, ct);
        await transaction.CommitAsync(ct);
        return grown;
    }

    /// <summary>Deletes pending rows that are already in the log: a commit that was reported as failed may have been repeated.</summary>
    public async Task DeleteDuplicates(CancellationToken ct)
    {
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        await connection.Run($"DELETE FROM {database.Pending} WHERE Id IN (SELECT Id FROM {database.Entries})", null, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await entries.DisposeAsync();
        await owners.DisposeAsync();
        await delete.DisposeAsync();
    }

    private IEnumerable<object?[]> OwnersOf(PendingEntry pending, long sequence)
    {
        try
        {
            return EntryOwner.Rows(AuditFact.FromBytes(pending.Body), sequence);
        }
        catch (JsonException e)
        {
            Log.EntryUnreadable(log, pending.Id, e); // it must not block the entries after it
            return [];
        }
    }
}
