using Aegis.Sdk.Vault;

namespace Aegis.Cli.Work;

/// <summary>What happens to credentials: rotated, rolled back, applied, synchronized; and who did it.</summary>
internal static class CredentialMoves
{
    public static Command Rotate(Sessions sessions)
    {
        var name = CredentialCommands.Name();
        var emergency = new Option<bool>("--emergency") { Description = "The value has leaked: the old one ends at once." };
        var reason = Building.Text("--reason", "For people.");
        return new Command("rotate", "Put a new value in the old one's place.").Takes(name, emergency, reason)
            .WithExamples("aegis credentials rotate openai-api-key --reason \"Security audit\"").Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Credentials.RotateAsync(
                parsed.GetRequiredValue(name), parsed.GetValue(emergency) ? "emergency" : "manual", parsed.GetValue(reason),
                cancellationToken: ct));
        });
    }

    public static Command RollBack(Sessions sessions)
    {
        var name = CredentialCommands.Name();
        var version = new Argument<int>("version") { Description = "The version to go back to." };
        return new Command("rollback", "Put an earlier value back in use.").Takes(name, version)
            .WithExamples("aegis credentials rollback openai-api-key 2").Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed)
                .Show(await client.Credentials
                    .RollBackAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), cancellationToken: ct));
        });
    }

    public static Command Rotations(Sessions sessions)
    {
        var name = CredentialCommands.Name();
        return new Command("rotations", "Rotations of a credential, newest first.").Takes(name, Building.Limit).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var found = await sessions.ShownAsync(parsed, client.Credentials.ListRotationsAsync(parsed.GetRequiredValue(name), ct), ct);
            sessions.Printer(parsed).ShowAll(found, "id", "kind", "trigger", "state", "step", "to_version", "started_at", "finished_at");
        });
    }

    public static Command Apply(Sessions sessions)
    {
        var (name, workflow, node) =
            (CredentialCommands.Name(), Building.Id("workflow", "The n8n workflow's id."), Building.Id("node", "The node's name."));
        return new Command("apply", "Let a node of an n8n workflow use a credential.").Takes(name, workflow, node)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Credentials.ApplyAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(workflow), parsed.GetRequiredValue(node), cancellationToken: ct));
        });
    }

    public static Command Sync(Sessions sessions)
    {
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would change." };
        return new Command("sync", "Take over n8n's list of credentials.").Takes(dry).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Vault.SyncN8nAsync(parsed.GetValue(dry), ct));
        });
    }

    public static Command Schedule(Sessions sessions) =>
        new Command("schedule", "What rotates when.").Takes(Building.Limit).Does(async (parsed, ct) =>
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var schedule = await client.Vault.GetScheduleAsync(Building.Rows(parsed), ct);
        sessions.SayIfCut(parsed, schedule.OverdueRotations.Count + schedule.UpcomingRotations.Count);
        var printer = sessions.Printer(parsed);
        if (!printer.IsTable) printer.Show(schedule);
        else printer.ShowAll([.. schedule.OverdueRotations, .. schedule.UpcomingRotations], "credential", "scheduled_at", "strategy");
        if (printer.IsTable && schedule.CannotRotate is { Count: > 0 } barred) printer.ShowAll(barred, "credential", "code", "message");
    });

    public static Command Log(Sessions sessions)
    {
        var (name, action, actor) =
            (Building.Text("--name", "Of one credential."), Building.Text("--action", "Such as value_read or rotated."),
                Building.Text("--actor", "By whom."));
        return new Command("log", "Who did what with which credential, newest first.").Takes(name, action, actor, Building.Limit)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var filter = new VaultLogFilter
            {
                CredentialName = parsed.GetValue(name),
                Action = parsed.GetValue(action),
                Actor = parsed.GetValue(actor)
            };
            var log = await client.Vault.GetLogAsync(filter, Building.Rows(parsed), cancellationToken: ct);
            sessions.SayIfCut(parsed, log.Log.Count);
            sessions.Printer(parsed).ShowAll(log.Log, "timestamp", "credential_name", "action", "actor", "target", "success");
        });
    }

    public static Command SearchLeak(Sessions sessions) =>
        new Command("search-leak", "Find out whether a value that turned up, read from the standard input, is one of the vault's.")
        .WithExamples("printf %s \"$FOUND\" | aegis credentials search-leak")
        .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var value = await SecretInput.ReadAsync(sessions.Around, ct);
            var found = await client.Credentials.SearchLeakAsync(value, ct);
            if (found.Matches.Count == 0 && value.EndsWith('\n')) // echo and files end with a line, which the value may not
                found = await client.Credentials.SearchLeakAsync(value.TrimEnd('\n', '\r'), ct);
            sessions.Printer(parsed).ShowAll(found.Matches, "credential", "version", "current", "status", "ended_at");
        });
}
