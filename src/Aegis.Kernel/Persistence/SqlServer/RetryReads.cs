using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>
/// Repeats queries outside transactions. Inside a transaction nothing is repeated, because its earlier changes are lost with the
/// connection. Statements that change rows are not a <see cref="CommandSource.LinqQuery"/> and are not repeated.
/// </summary>
internal sealed class RetryReads(ConnectionRetries repeats) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        if (result.HasResult || eventData.CommandSource is not CommandSource.LinqQuery || command.Transaction is not null) return result;

        var reader = await repeats.Run(
            async ct =>
            {
                await Reopen(command.Connection!, ct);
                return await command.ExecuteReaderAsync(ct);
            },
            cancellationToken);
        return InterceptionResult<DbDataReader>.SuppressWithResult(reader);
    }

    /// <summary>
    /// Throws OperationCanceledException for a cancelled command, as everywhere else; SQL Server's client reports it as a server error.
    /// </summary>
    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default) =>
        throw new OperationCanceledException(cancellationToken);

    private static async Task Reopen(DbConnection connection, CancellationToken ct)
    {
        if (connection.State is ConnectionState.Open) return;
        await connection.CloseAsync();
        await connection.OpenAsync(ct);
    }
}

/// <summary>Repeats failed attempts to open a connection. Nothing has been sent to the server yet, so a second attempt is safe.</summary>
internal sealed class RetryOpens(ConnectionRetries repeats) : DbConnectionInterceptor
{
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (result.IsSuppressed) return result;
        await repeats.Run(async ct => await connection.OpenAsync(ct), cancellationToken);
        return InterceptionResult.Suppress();
    }
}
