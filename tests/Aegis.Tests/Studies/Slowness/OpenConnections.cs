using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Aegis.Studies.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Studies.Slowness;

/// <summary>Counts the database connections that are open now.</summary>
internal sealed class OpenConnections : DbConnectionInterceptor
{
    private readonly ConcurrentDictionary<DbConnection, bool> seen = new();

    public int Held => seen.Keys.Count(c => c.State is ConnectionState.Open);

    public void CountIn(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteStudiesDb>(o => o.AddInterceptors(this));
        services.ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(this));
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => seen.TryAdd(connection, true);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        seen.TryAdd(connection, true);
        return Task.CompletedTask;
    }
}
