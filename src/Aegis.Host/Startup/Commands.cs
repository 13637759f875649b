using System.Net.Mail;
using Aegis.Audit;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Host.Startup;

/// <summary>
/// What <c>Aegis.Host</c> does besides serving: <c>migrate [--script]</c>, <c>keys create</c>, <c>rotate-kek</c>, <c>evidence-keys
/// rotate</c>, <c>audit verify</c> and <c>platform init</c>.
/// </summary>
internal static class Commands
{
    private const string Usage = """
        Usage: Aegis.Host [command] [--Key=value …]

          (none)              serve
          migrate             bring the schema of the database up to date
          migrate --script    print SQL that does it
          keys create         make the key ring, once
          rotate-kek          add a key to the ring and bring everything sealed under it
          rotate-kek --status show what is under which key
          rotate-kek --resume bring the rest under the newest key
          rotate-kek --retire=kek_…
                              destroy an old key that nothing needs any more
          evidence-keys rotate
                              let the next evidence key take over in ten minutes
          evidence-keys rotate --emergency
                              let it sign at once; the old one may be known to others
          audit verify        check the audit log against its hashes and signed checkpoints
          audit verify --checkpoint=FILE
                              the same against a copy of the file of checkpoints
          platform init --name=… --email=…
                              make the organization that runs the installation, its admin and
                              that admin's key, once; prints the key

        Every key of docs/operations.md can be given, such as --DataDirectory=/srv/aegis.
        """;

    private const string Script = "--script";
    private const string Emergency = "--emergency";

    /// <summary>
    /// Answers a cry for help or a word that is none, before anything is configured or touched; null when there is something to do.
    /// </summary>
    public static int? Explain(string[] args)
    {
        if (args.Any(a => a is "--help" or "-h" or "-?" or "help"))
        {
            Console.Out.WriteLine(Usage);
            return 0;
        }

        if (Words(args) is [] or ["migrate"] or ["keys", "create"] or ["platform", "init"] or ["evidence-keys", "rotate"]
            or ["audit", "verify"] or [RotateKek.Word] && Unknown(args) is null) return null;
        Console.Error.WriteLine(Unknown(args) is { } option ? $"'{option}' has no value. Write it as --Key=value.\n\n{Usage}" : Usage);
        return 2;
    }

    /// <summary>Runs the command named by the first words, or returns null when the host shall serve.</summary>
    public static async Task<int?> Run(WebApplication app, string[] args, ServerOptions options, DatabaseOptions database)
    {
        switch (Words(args))
        {
            case []:
                return null;
            case ["migrate"] when args.Contains(Script):
                Console.Out.WriteLine(app.Services.GetRequiredService<Migrator>().Script());
                return 0;
            case ["migrate"]:
                PrivateFolder.Close(database.DataDirectory);
                await using (await StartupLock.Take(database.DataDirectory, TimeProvider.System, CancellationToken.None))
                    await app.Services.GetRequiredService<Migrator>().Migrate(CancellationToken.None);
                Console.Out.WriteLine("The schema is up to date.");
                return 0;
            case ["keys", "create"]:
                return CreateKeys(app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<RecoveryCopies>());
            case [RotateKek.Word]:
                return await RotateKek.Run(app, args, options, database);
            case ["evidence-keys", "rotate"]:
                await app.Prepare(options, database, CancellationToken.None);
                Console.Out.WriteLine(await AuditModule.RotateEvidenceKey(app.Services, args.Contains(Emergency), CancellationToken.None));
                return 0;
            case ["audit", "verify"]:
                return await AuditModule.Verify(
                    app.Services, Given(args, "--checkpoint"), Console.Out, Console.Error, CancellationToken.None);
            case ["platform", "init"]:
                return await FoundPlatform(app, args, options, database);
            default:
                return 2;
        }
    }

    private static string[] Words(string[] args) =>
        args.TakeWhile(a => !a.StartsWith('-') && !a.Contains('=', StringComparison.Ordinal)).ToArray();

    /// <summary>An option without a value: a slip that configuration would overlook.</summary>
    private static string? Unknown(string[] args)
    {
        for (var i = Words(args).Length; i < args.Length; i++)
        {
            if (args[i].Contains('=', StringComparison.Ordinal) || (args[i] == Script && Words(args) is ["migrate"])
                || (args[i] == Emergency && Words(args) is ["evidence-keys", "rotate"])
                || (args[i] is RotateKek.Status or RotateKek.Resume && Words(args) is [RotateKek.Word])) continue;
            if (i + 1 < args.Length && !args[i + 1].StartsWith('-')) i++; // --Key value
            else return args[i];
        }

        return null;
    }

    private static int CreateKeys(KeyRing ring, RecoveryCopies copies)
    {
        if (ring.Exists)
        {
            Console.Error.WriteLine($"There is a key ring already: {ring.Id}. It stays as it is.");
            return 1;
        }

        ring.Create(TimeProvider.System.GetUtcNow());
        copies.Keep(ring.Keys);
        Console.Out.WriteLine($"Made the key ring {ring.Id}. Keep a copy of it apart from the database and its backups.");
        return 0;
    }

    private static async Task<int> FoundPlatform(WebApplication app, string[] args, ServerOptions options, DatabaseOptions database)
    {
        const int longestName = 200;
        const int longestEmail = 254;
        var (name, email) = (Given(args, "--name")?.Trim(), Given(args, "--email")?.Trim());
        if (name is not { Length: > 0 and <= longestName } || !ReadableText.IsOneLine(name) || email is not { Length: <= longestEmail }
            || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email)
        {
            Console.Error.WriteLine(
                "Give the name of the organization that runs this installation and the address of its admin: platform init "
                    + $"--name=\"Example Exchange\" --email=admin@example.org\n\n{Usage}");
            return 2;
        }

        await app.Prepare(options, database, CancellationToken.None);
        await using var held = await StartupLock.Take(database.DataDirectory, TimeProvider.System, CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        var founded = await scope.ServiceProvider.GetRequiredService<IFounding>().Found(name, email, CancellationToken.None);
        if (founded.Key is null)
        {
            Console.Error.WriteLine(founded.Obstacle);
            return 1;
        }

        Console.Error.WriteLine("The key of the platform's admin follows. It is shown this one time; keep it in a secret store.");
        Console.Out.WriteLine(founded.Key);
        return 0;
    }

    /// <summary>From the arguments alone: environments have a NAME of their own.</summary>
    public static string? Given(string[] args, string option)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith($"{option}=", StringComparison.Ordinal)) return args[i][(option.Length + 1)..];
            if (args[i] == option && i + 1 < args.Length) return args[i + 1];
        }

        return null;
    }
}
