using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Host.Startup;

/// <summary>
/// Prepares the host before it serves: schema, key ring, sandbox. After a kill at any point, the next start completes it.
/// </summary>
internal static class Preparation
{
    public static async Task Prepare(this WebApplication app, ServerOptions options, DatabaseOptions database, CancellationToken ct)
    {
        var services = app.Services;
        var open = PrivateFolder.Close(database.DataDirectory);
        if (open.Count > 0) Log.FilesNotPrivate(app.Logger, open.Count, open[0]);
        await using var held = await StartupLock.Take(database.DataDirectory, services.GetRequiredService<TimeProvider>(), ct);
        var migrator = services.GetRequiredService<Migrator>();
        if (options.IsProduction && database.Provider is DatabaseKind.SqlServer)
        {
            if (await migrator.IsBehind(ct))
                throw new StartRefusedException(
                    "The database schema is not up to date. Run 'Aegis.Host migrate' first, or the SQL of 'Aegis.Host migrate --script'.");
        }
        else
        {
            await migrator.Migrate(ct);
        }

        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Installation>().Begin(!options.IsProduction, options.SandboxEnabled, ct);
        services.GetRequiredService<RecoveryCopies>().WriteMissing(services.GetRequiredService<KeyRing>().Keys);
        await services.GetRequiredService<SealedValues>().RequireKeys(ct);
        if (options.SandboxEnabled) await scope.ServiceProvider.GetRequiredService<SandboxSeed>().Seed(ct);
    }
}
