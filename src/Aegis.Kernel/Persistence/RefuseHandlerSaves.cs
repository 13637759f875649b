using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence;

/// <summary>
/// Prevents an <see cref="IHandle{TEvent}"/> and an <see cref="IHandleMany"/> from saving. The receipt would go with the first save, so if
/// the handler failed after it, the rest of the effect would never be made.
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
        Check(); // ExecuteUpdate, ExecuteDelete and raw SQL outside a transaction
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
                $"The handler '{call.Handler}' must not save: the relay does. Implement IHandleRepeatably to save in the handler.");
        }
    }
}
