using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>Opens connections with repeats: nothing has been asked of the server yet, so a second attempt can do no harm.</summary>
internal sealed class OpenAgain(Repeats repeats) : DbConnectionInterceptor
{
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (result.IsSuppressed) return result;
        await repeats.Run(async ct => await connection.OpenAsync(ct), cancellationToken);
        return InterceptionResult.Suppress();
    }
}
