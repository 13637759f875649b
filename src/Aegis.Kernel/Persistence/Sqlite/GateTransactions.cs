using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence.Sqlite;

/// <summary>
/// Enters the write gate when a transaction starts and leaves it when the transaction ends, however it ends. EF raises events for commit,
/// rollback and close. There is no event when a transaction is only disposed, or when a pooled context takes its connection back, so the
/// turn itself checks for that.
/// </summary>
internal sealed class GateTransactions(WriteGate gate) : DbTransactionInterceptor, IDbConnectionInterceptor
{
    private readonly ConditionalWeakTable<DbConnection, IDisposable> turns = [];

    /// <summary>
    /// Begins the transaction here. If EF began it after the gate and that failed or was cancelled, there would be no event and the turn
    /// would never end.
    /// </summary>
    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default)
    {
        var turn = await gate.Enter(isUrgent: false, cancellationToken);
        try
        {
            var begun = await connection.BeginTransactionAsync(eventData.IsolationLevel, CancellationToken.None);
            // ADO.NET clears the connection of a transaction that was committed, rolled back or disposed
            turn.EndWhen(() => begun.Connection is null);
            turns.AddOrUpdate(connection, turn);
            return InterceptionResult<DbTransaction>.SuppressWithResult(begun);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context?.Database.GetDbConnection());
        return Task.CompletedTask;
    }

    public override Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context?.Database.GetDbConnection());
        return Task.CompletedTask;
    }

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Leave(connection);
        return Task.CompletedTask;
    }

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

    private void Leave(DbConnection? connection)
    {
        if (connection is null || !turns.TryGetValue(connection, out var turn)) return;
        turns.Remove(connection);
        turn.Dispose();
    }
}
