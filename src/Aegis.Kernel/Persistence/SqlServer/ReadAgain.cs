using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>
/// Repeats queries that stand alone. Inside a transaction nothing is repeated: what it did before is gone with the connection.
/// What changes rows is no <see cref="CommandSource.LinqQuery"/> and never comes here.
/// </summary>
internal sealed class ReadAgain(Repeats repeats) : DbCommandInterceptor
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

    /// <summary>SQL Server's client reports a cancelled command as an error of the server; here it is what it is everywhere else.</summary>
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
