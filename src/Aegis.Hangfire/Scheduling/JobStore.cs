using Aegis.Kernel;
using Aegis.Kernel.Persistence;
using Hangfire;
using Hangfire.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Hangfire.Scheduling;

/// <summary>Hangfire's tables, in a schema of their own in the host's SQL Server database. Hangfire makes and upgrades them itself.</summary>
internal static class JobStore
{
    private const string Schema = "hangfire";
    private static readonly TimeSpan RunsKept = TimeSpan.FromHours(6); // a job a minute leaves 360 rows
    private static readonly TimeSpan LooksForWork = TimeSpan.FromSeconds(2);

    /// <exception cref="StartRefusedException">The host works on SQLite.</exception>
    public static JobStorage Open(IServiceProvider services)
    {
        var database = services.GetRequiredService<DatabaseOptions>();
        if (database.Provider is not DatabaseProvider.SqlServer)
            throw new StartRefusedException("Jobs:Runner is 'Hangfire', which keeps its schedule in SQL Server. Set Database:Provider to 'SqlServer', or Jobs:Runner to 'Quartz'.");

        var options = new SqlServerStorageOptions { SchemaName = Schema, QueuePollInterval = LooksForWork, SqlClientFactory = SqlClientFactory.Instance };
        return new SqlServerStorage(database.ConnectionString, options) { JobExpirationTimeout = RunsKept };
    }
}
