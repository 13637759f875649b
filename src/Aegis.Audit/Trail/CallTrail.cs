using System.Data;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;

namespace Aegis.Audit.Trail;

/// <summary>
/// Makes entries durable. All waiting entries are stored in one transaction, on a connection and statement that are kept between batches.
/// After a failure the next batch opens new ones.
/// </summary>
internal sealed class CallTrail(BulkDatabase database, CommitSignals signals, ILogger<CallTrail> log) : GroupCommit<object?[]>, IAuditTrail
{
    private DbConnection? connection;
    private RowStatement? insert;

    public Task Write(AuditFact fact, CancellationToken ct) => Add([fact.Id, fact.At.UtcTicks, fact.ToBytes()], ct);

    protected override async Task Commit(List<object?[]> batch)
    {
        try
        {
            await Write(batch);
        }
        catch
        {
            await Disconnect();
            throw;
        }

        signals.Raise(typeof(AuditPendingRow));
    }

    protected override RefusedException Refusal() => Refuse.Unavailable(
        "audit_unavailable",
        "The audit trail cannot be written, so the result is withheld. Repeat the call with the same Idempotency-Key.");

    protected override void Failed(Exception failure, int count) => Log.TrailFailed(log, count, failure.GetType().Name, failure);

    protected override Task Finish() => Disconnect();

    private async Task Write(List<object?[]> rows)
    {
        connection ??= await database.Open(CancellationToken.None);
        using var turn = await database.WriteTurn(isUrgent: true, CancellationToken.None);
        await using var transaction = await database.UpToCommit(() => Insert(rows), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task<DbTransaction> Insert(List<object?[]> rows)
    {
        if (connection is not { State: ConnectionState.Open }) await Disconnect();
        connection ??= await database.Open(CancellationToken.None);
        insert ??= RowStatement.Insert(
            connection, database.Pending,
            new Column("Id", DbType.String, Ids.MaxLength), new Column("At", DbType.Int64), new Column("Body", DbType.Binary, -1));
        var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        try
        {
            await insert.Run(rows, transaction, CancellationToken.None);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private async Task Disconnect()
    {
        var (oldInsert, oldConnection) = (insert, connection);
        (insert, connection) = (null, null);
        try
        {
            if (oldInsert is not null) await oldInsert.DisposeAsync();
            if (oldConnection is not null) await oldConnection.DisposeAsync();
        }
        catch (DbException e)
        {
            // A failed database may fail here too. The next batch opens a new connection, so this error is only logged.
            Log.TrailFailed(log, 0, e.GetType().Name, e);
        }
    }
}
