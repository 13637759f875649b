using Hangfire;
using Hangfire.InMemory;
using Hangfire.SqlServer;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// Where Hangfire stores the schedule and past runs. On SQLite this is memory: each start writes the schedule again, and due work is in
/// Aegis' own tables. On SQL Server it is the schema <c>hangfire</c> of the same database, which <see cref="Migrator"/> creates.
/// </summary>
internal static class JobStore
{
    public const string Schema = "hangfire";

    private static readonly TimeSpan RunsKept = TimeSpan.FromHours(6); // a job that runs every minute leaves 360 rows
    private static readonly TimeSpan QueuePoll = TimeSpan.FromSeconds(2);

    public static JobStorage Open(IServiceProvider services)
    {
        var database = services.GetRequiredService<DatabaseOptions>();
        if (database.Provider is DatabaseKind.Sqlite)
            return new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = RunsKept });

        var options = new SqlServerStorageOptions { SchemaName = Schema, QueuePollInterval = QueuePoll, PrepareSchemaIfNecessary = false };
        return new SqlServerStorage(() => SqlServerConnections.Create(database), options) { JobExpirationTimeout = RunsKept };
    }
}
