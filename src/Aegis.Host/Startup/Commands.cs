using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;

namespace Aegis.Host.Startup;

/// <summary>What <c>Aegis.Host</c> does besides serving: <c>migrate [--script]</c> and <c>keys create</c>.</summary>
internal static class Commands
{
    private const string Usage = "Usage: Aegis.Host [migrate [--script] | keys create] [--Key=value …]";

    /// <summary>Runs the command named by the first words, or returns null when the host shall serve.</summary>
    public static async Task<int?> Run(WebApplication app, string[] args, DatabaseOptions database)
    {
        var words = args.TakeWhile(a => !a.StartsWith('-') && !a.Contains('=', StringComparison.Ordinal)).ToArray();
        switch (words)
        {
            case []:
                return null;
            case ["migrate"] when args.Contains("--script"):
                Console.Out.WriteLine(app.Services.GetRequiredService<Migrator>().Script());
                return 0;
            case ["migrate"]:
                await using (await StartupLock.Take(database.DataDirectory, TimeProvider.System, CancellationToken.None))
                    await app.Services.GetRequiredService<Migrator>().Migrate(CancellationToken.None);
                Console.Out.WriteLine("The schema is up to date.");
                return 0;
            case ["keys", "create"]:
                return CreateKeys(app.Services.GetRequiredService<KeyRing>());
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int CreateKeys(KeyRing ring)
    {
        if (ring.Exists)
        {
            Console.Error.WriteLine($"There is a key ring already: {ring.Id}. It stays as it is.");
            return 1;
        }

        ring.Create(TimeProvider.System.GetUtcNow());
        Console.Out.WriteLine($"Made the key ring {ring.Id}. Keep a copy of it apart from the database and its backups.");
        return 0;
    }
}
