using Aegis.Sdk.Vault;

namespace Aegis.Cli.Commands;

/// <summary>
/// <c>aegis credentials</c>. Like every class of this folder it builds one group of commands. A command gets a client from
/// <see cref="Sessions"/>, calls one method of the SDK, and gives the answer to the <see cref="Printer"/>. It throws refusals of the host
/// and <see cref="StoppedException"/>; the command line explains them and chooses the exit code.
/// </summary>
internal static class CredentialCommands
{
    public static Command Build(Sessions sessions) => new Command("credentials", "Credentials of the vault.").Has(
        List(sessions), Create(sessions), Update(sessions), Value(sessions), SetValue(sessions),
        ForOne(sessions, "show", "Show one credential, without its value.", (c, name, ct) => c.GetAsync(name, ct)),
        ForOne(sessions, "test", "Test a credential at its provider.", (c, name, ct) => c.TestAsync(name, ct)),
        ForOne(sessions, "retire", "Stop using a credential. Its name stays taken.", (c, name, ct) => c.RetireAsync(name, ct)),
        Restore(sessions),
        CredentialActions.Rotate(sessions), CredentialActions.RollBack(sessions), CredentialActions.Rotations(sessions),
        CredentialActions.Apply(sessions),
        CredentialActions.Sync(sessions), CredentialActions.Schedule(sessions), CredentialActions.Log(sessions),
        CredentialActions.SearchLeak(sessions));

    public static Argument<string> Name() => Building.Id("name", "The credential's name.");

    private static Command List(Sessions sessions)
    {
        var status = Building.Text("--status", "active, expiring, expired or retired.");
        var (provider, type, tag) =
            (Building.Text("--provider", "Such as n8n, supabase, api or env."), Building.Text("--type", "Such as api_key."),
                Building.Text("--tag", "Only with this tag."));
        return new Command("list", "List credentials.") { Aliases = { "ls" } }.Takes(status, provider, type, tag, Building.Limit)
            .WithExamples("aegis credentials list --status expiring").Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var found = await sessions.ShownAsync(
                parsed,
                client.Credentials.ListAsync(
                    parsed.GetValue(status), parsed.GetValue(provider), parsed.GetValue(type), parsed.GetValue(tag), ct), ct);
            sessions.Printer(parsed)
                .ShowAll(found, "name", "credential_type", "provider", "status", "expires_at", "next_rotation_at", "tags");
        });
    }

    private static Command Create(Sessions sessions)
    {
        var name = Name();
        var type =
            new Option<string>("--type") { Description = "Such as api_key, oauth or database.", DefaultValueFactory = _ => "api_key" };
        var provider =
            new Option<string>("--provider") { Description = "Such as n8n, supabase, api or env.", DefaultValueFactory = _ => "env" };
        var (description, expires) = (Building.Text("--description", "A description."),
                new Option<DateTimeOffset?>("--expires-at") { Description = "When it expires (RFC 3339)." });
        var (rotate, tags) = (new Option<bool>("--rotate") { Description = "Rotate it automatically." }, Tags());
        var interval = new Option<int?>("--interval-hours") { Description = "Hours between rotations; default 720." };
        var empty = new Option<bool>("--no-value") { Description = "Register it without a value." };
        return new Command("create", "Register a credential. Its value is read from the standard input.").Takes(
            name, type, provider, description, expires, rotate, interval, tags, empty)
            .WithExamples("printf %s \"$OPENAI_API_KEY\" | aegis credentials create openai-api-key --type api_key --provider api",
                "aegis credentials create db-password --provider env --no-value")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var value = parsed.GetValue(empty) ? null : await SecretInput.ReadAsync(sessions.Around, ct);
                sessions.Printer(parsed).Show(await client.Credentials.CreateAsync(
                    new CreateCredential(parsed.GetRequiredValue(name), parsed.GetRequiredValue(type), parsed.GetRequiredValue(provider))
                    {
                        Description = parsed.GetValue(description),
                        ExpiresAt = parsed.GetValue(expires),
                        Value = value,
                        RotationEnabled = parsed.GetValue(rotate) ? true : null,
                        RotationIntervalHours = parsed.GetValue(interval),
                        Tags = parsed.GetValue(tags),
                    },
                    cancellationToken: ct));
            });
    }

    private static Command Update(Sessions sessions)
    {
        var name = Name();
        var (description, expires) =
            (Building.Text("--description", "A description."), Building.Text("--expires-at", "When it expires (RFC 3339), or never."));
        var (rotate, interval) = (new Option<bool?>("--rotate") { Description = "Whether it rotates automatically." },
                new Option<int?>("--interval-hours") { Description = "Hours between rotations." });
        var tags = Tags();
        return new Command("update", "Change the given fields, leave the others.").Takes(name, description, expires, rotate, interval, tags)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var changes = new CredentialChanges();
            if (parsed.GetValue(description) is { } text) changes.Description = text;
            if (parsed.GetValue(expires) is { } end) changes.ExpiresAt = end == "never" ? null : At(end);
            if (parsed.GetValue(rotate) is { } rotates) changes.RotationEnabled = rotates;
            if (parsed.GetValue(interval) is { } often) changes.RotationIntervalHours = often;
            if (parsed.GetValue(tags) is { Length: > 0 } words) changes.Tags = words;
            sessions.Printer(parsed)
                .Show(await client.Credentials.UpdateAsync(parsed.GetRequiredValue(name), changes, cancellationToken: ct));
        });
    }

    private static Command Value(Sessions sessions)
    {
        var name = Name();
        var version = new Option<int?>("--version") { Description = "An earlier version." };
        return new Command("value", "Print the value. This is audited. Use aegis run to pass it to a program.").Takes(name, version)
            .WithExamples("aegis credentials value openai-api-key")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var value = await client.Credentials.GetValueAsync(parsed.GetRequiredValue(name), parsed.GetValue(version), ct);
                var printer = sessions.Printer(parsed);
                if (!printer.IsTable) printer.Show(value);
                else if (sessions.Around.IsInteractive) sessions.Around.Out.WriteLine(value.Value);
                else await sessions.Around.OutBytes.WriteAsync(Encoding.UTF8.GetBytes(value.Value), ct); // byte for byte as it was set
            });
    }

    private static Command SetValue(Sessions sessions)
    {
        var (name, reason) = (Name(), Building.Text("--reason", "A note for the history."));
        return new Command("set-value", "Set a new value, read from the standard input.").Takes(name, reason)
            .WithExamples("printf %s \"$NEW\" | aegis credentials set-value openai-api-key --reason \"moved account\"")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var value = await SecretInput.ReadAsync(sessions.Around, ct);
                sessions.Printer(parsed)
                    .Show(await client.Credentials
                        .SetValueAsync(parsed.GetRequiredValue(name), value, parsed.GetValue(reason), cancellationToken: ct));
            });
    }

    private static Command Restore(Sessions sessions)
    {
        var (name, newValue) = (Name(), new Option<bool>("--new-value") { Description = "Read a new value from the standard input." });
        return new Command("restore",
            "Restore a retired credential, by default within 30 days. Its rotation and its copies are switched off.").Takes(
                name, newValue)
            .WithExamples("aegis credentials restore openai-api-key",
                "printf %s \"$NEW\" | aegis credentials restore openai-api-key --new-value")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var value = parsed.GetValue(newValue) ? await SecretInput.ReadAsync(sessions.Around, ct) : null;
                sessions.Printer(parsed)
                    .Show(await client.Credentials.RestoreAsync(parsed.GetRequiredValue(name), value, cancellationToken: ct));
            });
    }

    private static Command ForOne<T>(
        Sessions sessions, string verb, string description, Func<CredentialsApi, string, CancellationToken, Task<T>> act)
    {
        var name = Name();
        return new Command(verb, description).Takes(name).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await act(client.Credentials, parsed.GetRequiredValue(name), ct));
        });
    }

    private static Option<string[]?> Tags() => new("--tag") { Description = "A tag; may be repeated." };

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at : throw new StoppedException(ExitCodes.Usage, $"'{text}' is not a time. Give one as in 2026-12-31T00:00:00Z, or never.");
}
