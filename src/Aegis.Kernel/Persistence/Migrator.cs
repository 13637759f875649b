using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Aegis.Kernel.Persistence;

/// <summary>Migrates every module's schema. The caller holds the startup lock, so only one host migrates at a time.</summary>
public sealed class Migrator(IServiceProvider services, IEnumerable<ModuleDbRegistration> modules, DatabaseOptions database)
{
    /// <summary>Migrates all modules. After a kill at any moment, the next start completes the migration.</summary>
    public async Task Migrate(CancellationToken ct)
    {
        if (database.Provider is DatabaseKind.SqlServer)
        {
            await MigrateEach(ct);
            await HangfireSchema.Install(database, ct);
            return;
        }

        await ClearStaleLocks(ct);
        await MigrateEach(ct);
    }

    /// <summary>Returns SQL for the same migration by hand; on SQL Server it is idempotent.</summary>
    public string Script()
    {
        using var scope = services.CreateScope();
        var scripts = Contexts(scope).Select(db => db.GetService<IMigrator>().GenerateScript(options: ScriptOptions)).ToList();
        if (database.Provider is DatabaseKind.SqlServer) scripts.Add(HangfireSchema.Script());
        return string.Join(Environment.NewLine, scripts);
    }

    // SQLite cannot express "create if missing", so its script is for an empty database.
    private MigrationsSqlGenerationOptions ScriptOptions => database.Provider is DatabaseKind.SqlServer
        ? MigrationsSqlGenerationOptions.Idempotent
        : MigrationsSqlGenerationOptions.Default;

    /// <summary>True when the database lacks migrations of a module, or Hangfire's tables are older than this release needs.</summary>
    public async Task<bool> IsBehind(CancellationToken ct)
    {
        using var scope = services.CreateScope();
        foreach (var db in Contexts(scope))
        {
            if ((await db.Database.GetPendingMigrationsAsync(ct)).Any()) return true;
        }

        return database.Provider is DatabaseKind.SqlServer && await HangfireSchema.IsBehind(database, ct);
    }

    private async Task MigrateEach(CancellationToken ct)
    {
        using var scope = services.CreateScope();
        foreach (var db in Contexts(scope))
        {
            if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
                await db.Database.MigrateAsync(ct);
        }
    }

    private IEnumerable<ModuleDb> Contexts(IServiceScope scope) =>
        modules.OrderBy(m => m.Abstract != typeof(KernelDb)).Select(m => (ModuleDb)scope.ServiceProvider.GetRequiredService(m.Abstract));

    /// <summary>
    /// Drops EF's migration lock, which is a row. A kill during a migration leaves it, and it would block every later start.
    /// </summary>
    private async Task ClearStaleLocks(CancellationToken ct)
    {
        await using var connection = new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync(ct);
        Pragmas.Set(connection);
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE IF EXISTS \"__EFMigrationsLock\"";
        await command.ExecuteNonQueryAsync(ct);
    }
}
