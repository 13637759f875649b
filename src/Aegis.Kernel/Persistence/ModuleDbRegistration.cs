using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Kernel.Persistence;

/// <summary>One module's contexts: the abstract one that code asks for and one for each provider.</summary>
public sealed record ModuleDbRegistration(Type Abstract, Type Sqlite, Type SqlServer);

/// <summary>Registers a module's database.</summary>
public static class ModuleDbServices
{
    /// <typeparam name="TDb">The abstract context that code injects.</typeparam>
    /// <typeparam name="TSqlite">Its SQLite twin, which owns the SQLite migrations.</typeparam>
    /// <typeparam name="TSqlServer">Its SQL Server twin.</typeparam>
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
    /// What fails is logged where it is handled. Entity Framework would write it first, with its stack, even if expected.
    /// </summary>
    private static void Quieten(DbContextOptionsBuilder options) => options.ConfigureWarnings(w => w.Log(
        (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug)));

    private static void UseSqlite<TContext>(IServiceProvider services, DbContextOptionsBuilder options, DatabaseOptions database)
    {
        options.UseSqlite(database.ConnectionString, s => s.MigrationsHistoryTable($"{HistoryName<TContext>()}_migrations"));
        Quieten(options);
        options.AddInterceptors(
            services.GetRequiredService<RefuseHandlerSaves>(), services.GetRequiredService<Pragmas>(),
            services.GetRequiredService<GateTransactions>(), services.GetRequiredService<RecordOnSave>());
    }

    private static void UseSqlServer<TContext>(IServiceProvider services, DbContextOptionsBuilder options, DatabaseOptions database)
    {
        options.UseSqlServer(database.ConnectionString, s => s
            .MigrationsHistoryTable("migrations", HistoryName<TContext>())
            // EF's default wraps errors that pass, so nothing here would know them
            .ExecutionStrategy(d => new NonRetryingExecutionStrategy(d)));
        Quieten(options);
        options.AddInterceptors(
            services.GetRequiredService<SignInConnections>(), services.GetRequiredService<RefuseHandlerSaves>(),
            services.GetRequiredService<OpenAgain>(),
            services.GetRequiredService<ReadAgain>(), services.GetRequiredService<RecordOnSave>());
    }

    /// <summary>SqliteStudiesDb and SqlServerStudiesDb both keep their history as 'studies'.</summary>
    private static string HistoryName<TContext>() =>
        typeof(TContext).Name.Replace("SqlServer", "", StringComparison.Ordinal)
            .Replace("Sqlite", "", StringComparison.Ordinal)[..^2].ToLowerInvariant();
}
