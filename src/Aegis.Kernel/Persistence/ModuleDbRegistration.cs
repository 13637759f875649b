using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Kernel.Persistence;

/// <summary>One module's contexts: the abstract one that code injects, and one for each database.</summary>
public sealed record ModuleDbRegistration(Type Abstract, Type Sqlite, Type SqlServer);

/// <summary>Registers a module's database.</summary>
public static class ModuleDbServices
{
    /// <typeparam name="TDb">The abstract context that code injects.</typeparam>
    /// <typeparam name="TSqlite">The SQLite context, which owns the SQLite migrations.</typeparam>
    /// <typeparam name="TSqlServer">The SQL Server context.</typeparam>
    public static IServiceCollection AddModuleDb<TDb, TSqlite, TSqlServer>(this IServiceCollection services, DatabaseOptions database)
        where TDb : ModuleDb
        where TSqlite : TDb
        where TSqlServer : TDb
    {
        services.AddSingleton(new ModuleDbRegistration(typeof(TDb), typeof(TSqlite), typeof(TSqlServer)));
        return database.Provider is DatabaseKind.Sqlite
            ? services.AddDbContextPool<TDb, TSqlite>((sp, o) => UseSqlite<TSqlite>(sp, o, database))
            : services.AddDbContextPool<TDb, TSqlServer>((sp, o) => UseSqlServer<TSqlServer>(sp, o, database));
    }

    /// <summary>
    /// Lowers EF's own error logs to Debug. Failures are logged by the code that handles them; EF would log even expected ones first, with
    /// stack traces.
    /// </summary>
    private static void LowerLogLevels(DbContextOptionsBuilder options) => options.ConfigureWarnings(w => w.Log(
        (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug)));

    private static void UseSqlite<TContext>(IServiceProvider services, DbContextOptionsBuilder options, DatabaseOptions database)
    {
        options.UseSqlite(database.ConnectionString, s => s.MigrationsHistoryTable($"{HistoryName<TContext>()}_migrations"));
        LowerLogLevels(options);
        options.AddInterceptors(
            services.GetRequiredService<RefuseHandlerSaves>(), services.GetRequiredService<Pragmas>(),
            services.GetRequiredService<GateTransactions>(), services.GetRequiredService<RecordOnSave>());
    }

    private static void UseSqlServer<TContext>(IServiceProvider services, DbContextOptionsBuilder options, DatabaseOptions database)
    {
        options.UseSqlServer(database.ConnectionString, s => s
            .MigrationsHistoryTable("migrations", HistoryName<TContext>())
            // EF's default strategy wraps transient errors, so our code would not recognize them
            .ExecutionStrategy(d => new NonRetryingExecutionStrategy(d)));
        LowerLogLevels(options);
        options.AddInterceptors(
            services.GetRequiredService<SignInConnections>(), services.GetRequiredService<RefuseHandlerSaves>(),
            services.GetRequiredService<RetryOpens>(),
            services.GetRequiredService<RetryReads>(), services.GetRequiredService<RecordOnSave>());
    }

    /// <summary>Returns the history name: SqliteStudiesDb and SqlServerStudiesDb both use 'studies'.</summary>
    private static string HistoryName<TContext>() =>
        typeof(TContext).Name.Replace("SqlServer", "", StringComparison.Ordinal)
            .Replace("Sqlite", "", StringComparison.Ordinal)[..^2].ToLowerInvariant();
}
