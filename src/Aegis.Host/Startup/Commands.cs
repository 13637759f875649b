using System.Net.Mail;
using Aegis.Audit;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Host.Startup;

/// <summary>
/// The commands of <c>Aegis.Host</c>: <c>migrate [--script]</c>, <c>keys create</c>, <c>rotate-kek</c>, <c>evidence-keys rotate</c>,
/// <c>audit verify</c> and <c>platform init</c>. Without a command it serves.
/// Every start runs the parts of this folder in order. <see cref="StartRefusals"/> prints a sentence instead of a stack trace. <see
/// cref="ServerOptions"/> and <see cref="Locations"/> read the configuration. <see cref="Preparation"/> migrates the schema, checks the key
/// ring and fills the sandbox, under <see cref="StartupLock"/>. Wrong configuration ends the process with exit code 78, and an unavailable
/// database with 75.
/// </summary>
internal static class Commands
{
    private const string Usage = """
        Usage: Aegis.Host [command] [--Key=value …]

          (none)              run the server
          migrate             update the database schema
          migrate --script    print the SQL for this
          keys create         create the key ring, once
          rotate-kek          add a key to the ring and rewrap all sealed values under it
          rotate-kek --status show how many values are under which key
          rotate-kek --resume rewrap the remaining values under the newest key
          rotate-kek --retire=kek_…
                              destroy an old key that is no longer needed
          evidence-keys rotate
                              start to use the next evidence key in ten minutes
          evidence-keys rotate --emergency
                              use it at once, because the old key may have leaked
          audit verify        verify the audit log against its hashes and signed checkpoints
          audit verify --checkpoint=FILE
                              verify it against a copy of the checkpoint file
          platform init --name=… --email=…
                              create the organization that runs the installation, its admin
                              and the admin's key, once; prints the key

        Every key of docs/operations.md can be an option, for example --DataDirectory=/srv/aegis.
        """;

    private const string Script = "--script";
    private const string Emergency = "--emergency";

    /// <summary>
    /// Handles a request for help and an unknown command, before anything is configured or changed. Returns null when there is something to
    /// run.
    /// </summary>
    public static int? Explain(string[] args)
    {
        if (args.Any(a => a is "--help" or "-h" or "-?" or "help"))
        {
            Console.Out.WriteLine(Usage);
            return 0;
        }

        if (CommandOf(args) is [] or ["migrate"] or ["keys", "create"] or ["platform", "init"] or ["evidence-keys", "rotate"]
            or ["audit", "verify"] or [RotateKek.Command] && OptionWithoutValue(args) is null) return null;
        Console.Error.WriteLine(
            OptionWithoutValue(args) is { } option ? $"'{option}' has no value. Write it as --Key=value.\n\n{Usage}" : Usage);
        return 2;
    }

    /// <summary>Runs the command of the first arguments, or returns null when the host should serve.</summary>
    public static async Task<int?> Run(WebApplication app, string[] args, ServerOptions options, DatabaseOptions database)
    {
        switch (CommandOf(args))
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
            case [RotateKek.Command]:
                return await RotateKek.Run(app, args, options, database);
            case ["evidence-keys", "rotate"]:
                await app.Prepare(options, database, CancellationToken.None);
                Console.Out.WriteLine(await AuditModule.RotateEvidenceKey(app.Services, args.Contains(Emergency), CancellationToken.None));
                return 0;
            case ["audit", "verify"]:
                return await AuditModule.Verify(
                    app.Services, OptionOf(args, "--checkpoint"), Console.Out, Console.Error, CancellationToken.None);
            case ["platform", "init"]:
                return await FoundPlatform(app, args, options, database);
            default:
                return 2;
        }
    }

    private static string[] CommandOf(string[] args) =>
        args.TakeWhile(a => !a.StartsWith('-') && !a.Contains('=', StringComparison.Ordinal)).ToArray();

    /// <summary>Returns an option without a value, a mistake that the configuration would ignore.</summary>
    private static string? OptionWithoutValue(string[] args)
    {
        for (var i = CommandOf(args).Length; i < args.Length; i++)
        {
            if (args[i].Contains('=', StringComparison.Ordinal) || (args[i] == Script && CommandOf(args) is ["migrate"])
                || (args[i] == Emergency && CommandOf(args) is ["evidence-keys", "rotate"])
                || (args[i] is RotateKek.Status or RotateKek.Resume && CommandOf(args) is [RotateKek.Command])) continue;
            if (i + 1 < args.Length && !args[i + 1].StartsWith('-')) i++; // --Key value
            else return args[i];
        }

        return null;
    }

    private static int CreateKeys(KeyRing ring, RecoveryCopies copies)
    {
        if (ring.Exists)
        {
            Console.Error.WriteLine($"There is already a key ring: {ring.Id}. Nothing was changed.");
            return 1;
        }

        ring.Create(TimeProvider.System.GetUtcNow());
        copies.WriteMissing(ring.Keys);
        Console.Out.WriteLine($"Created the key ring {ring.Id}. Keep a copy of it away from the database and its backups.");
        return 0;
    }

    private static async Task<int> FoundPlatform(WebApplication app, string[] args, ServerOptions options, DatabaseOptions database)
    {
        const int maxName = 200;
        const int maxEmail = 254;
        var (name, email) = (OptionOf(args, "--name")?.Trim(), OptionOf(args, "--email")?.Trim());
        if (name is not { Length: > 0 and <= maxName } || !ReadableText.IsOneLine(name) || email is not { Length: <= maxEmail }
            || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email)
        {
            Console.Error.WriteLine(
                "Set the name of the organization that runs this installation and the e-mail address of its admin: platform init "
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

        Console.Error.WriteLine("The key of the platform's admin follows. It is shown only once; keep it in a secret store.");
        Console.Out.WriteLine(founded.Key);
        return 0;
    }

    /// <summary>
    /// Returns an option from the arguments only. The configuration would also read environment variables, and NAME is a common one.
    /// </summary>
    public static string? OptionOf(string[] args, string option)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith($"{option}=", StringComparison.Ordinal)) return args[i][(option.Length + 1)..];
            if (args[i] == option && i + 1 < args.Length) return args[i + 1];
        }

        return null;
    }
}
