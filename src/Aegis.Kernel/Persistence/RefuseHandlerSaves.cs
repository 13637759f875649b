using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence;

/// <summary>
/// Keeps an <see cref="IHandle{TEvent}"/> and an <see cref="IHandleMany"/> from saving. A part of the effect that is stored before the
/// receipt would be all there ever is of it, if the handler failed after that and the receipt went with the first save.
/// </summary>
internal sealed class RefuseHandlerSaves : ISaveChangesInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
{
    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check();
        return ValueTask.FromResult(result);
    }

    public InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Check();
        return result;
    }

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
            CancellationToken cancellationToken = default)
    {
        Check();
        return ValueTask.FromResult(result);
    }

    public InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(); // ExecuteUpdate, ExecuteDelete and raw SQL outside of a transaction
        return result;
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check();
        return ValueTask.FromResult(result);
    }

    private static void Check()
    {
        if (HandlerCall.Current is { RefusesSaves: true } call)
        {
            throw new InvalidOperationException(
                $"The handler '{call.Handler}' must leave saving to the relay, or be an IHandleRepeatably.");
        }
    }
}
