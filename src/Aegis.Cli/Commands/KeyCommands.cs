using Aegis.Sdk.Identity;

namespace Aegis.Cli.Commands;

/// <summary><c>aegis keys</c>.</summary>
internal static class KeyCommands
{
    public static Command Build(Sessions sessions) =>
        new Command("keys", "API keys.").Has(List(sessions), Show(sessions), Create(sessions), Rotate(sessions), Revoke(sessions));

    private static Command List(Sessions sessions)
    {
        var status = Building.Text("--status", "active, expired or revoked.");
        return new Command("list", "List keys, newest first.") { Aliases = { "ls" } }.Takes(status, Building.Limit)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var keys = await sessions.ShownAsync(parsed, client.Keys.ListAsync(parsed.GetValue(status), ct), ct);
            sessions.Printer(parsed).ShowAll(keys, "id", "name", "status", "hint", "expiresAt", "lastUsedAt");
        });
    }

    private static Command Show(Sessions sessions)
    {
        var id = Building.Id("id", "key_…");
        return new Command("show", "Show one key, without its secret.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Keys.GetAsync(parsed.GetRequiredValue(id), ct));
        });
    }

    private static Command Create(Sessions sessions)
    {
        var name = Building.Id("name", "The key's name.");
        var preset = Building.Text("--preset", "read-only, execution, developer, full-access, study-consumer or study-provider.");
        var scopes = new Option<string[]>(
            "--scope")
        { Description = "A scope such as credential:read; may be repeated.", AllowMultipleArgumentsPerToken = true };
        var partners = new Option<string[]>("--partner") { Description = "Limit the key to this partner; may be repeated." };
        var expiry = new Option<string>("--expiry") { Description = "7d, 30d, 90d, 1y or never.", DefaultValueFactory = _ => "90d" };
        return new Command("create", "Create a key. It is shown once.").Takes(name, preset, scopes, partners, expiry)
            .WithExamples("aegis keys create ci-pipeline --preset execution --expiry 30d",
                "aegis keys create reader --scope credential:read --scope credential:list",
                "aegis keys create bot --preset read-only -o json | jq -r .key")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var made = await client.Keys.CreateAsync(
                    new CreateKey(parsed.GetRequiredValue(name), parsed.GetRequiredValue(expiry))
                    {
                        Preset = parsed.GetValue(preset),
                        Scopes = NullIfEmpty(parsed.GetValue(scopes)),
                        Partners = NullIfEmpty(parsed.GetValue(partners)),
                    },
                    cancellationToken: ct);
                ShowOnce(sessions, parsed, made);
            });
    }

    private static Command Rotate(Sessions sessions)
    {
        var id = Building.Id("id", "key_…");
        var overlap = new Option<string>(
            "--overlap")
        { Description = "How long the old key still works: 0, 15m, 1h or 24h.", DefaultValueFactory = _ => "0" };
        return new Command("rotate", "Replace a key by a new one. After a leak, revoke it instead.").Takes(id, overlap)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            ShowOnce(sessions, parsed, await client.Keys.RotateAsync(
                parsed.GetRequiredValue(id), parsed.GetRequiredValue(overlap), cancellationToken: ct));
        });
    }

    private static Command Revoke(Sessions sessions)
    {
        var id = Building.Id("id", "key_…");
        return new Command("revoke", "Revoke a key for good, with its child keys and their sessions.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var revoked = await client.Keys.RevokeAsync(parsed.GetRequiredValue(id), ct);
            var printer = sessions.Printer(parsed);
            if (printer.IsTable) printer.Say($"✓ Revoked. {revoked.Id} ({revoked.Name})");
            else printer.Show(revoked);
        });
    }

    private static void ShowOnce(Sessions sessions, ParseResult parsed, NewApiKey made)
    {
        sessions.Printer(parsed).Show(made);
        if (made.Warnings?.Contains("expiry_cut_to_parent") is true)
            sessions.Around.Error.WriteLine($"! The key expires at {made.ExpiresAt:u}, together with the key or login that created it.");
        sessions.Around.Error.WriteLine("! Copy the key now: it is not shown again.");
    }

    private static string[]? NullIfEmpty(string[]? given) => given is { Length: > 0 } ? given : null;
}
