using Aegis.Sdk.Vault;

namespace Aegis.Cli.Commands;

/// <summary>Rotation, rollback, use and synchronization of credentials, and their log.</summary>
internal static class CredentialActions
{
    public static Command Rotate(Sessions sessions)
    {
        var name = CredentialCommands.Name();
        var emergency = new Option<bool>("--emergency") { Description = "The value has leaked: the old one stops working at once." };
        var reason = Building.Text("--reason", "A note for the history.");
        return new Command("rotate", "Replace the value by a new one.").Takes(name, emergency, reason)
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
        return new Command("rollback", "Use an earlier value again.").Takes(name, version)
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
        return new Command("rotations", "List rotations, newest first.").Takes(name, Building.Limit).Does(async (parsed, ct) =>
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
        var dry = new Option<bool>("--dry-run") { Description = "Only show what would change." };
        return new Command("sync", "Copy the list of credentials from n8n.").Takes(dry).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Vault.SyncN8nAsync(parsed.GetValue(dry), ct));
        });
    }

    public static Command Schedule(Sessions sessions) =>
        new Command("schedule", "List upcoming and overdue rotations.").Takes(Building.Limit).Does(async (parsed, ct) =>
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
            (Building.Text("--name", "The credential's name."), Building.Text("--action", "What happened, such as value_read or rotated."),
                Building.Text("--actor", "Who acted."));
        return new Command("log", "Show who used or changed which credential, newest first.").Takes(name, action, actor, Building.Limit)
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
        new Command("search-leak", "Check whether a leaked value, read from the standard input, is stored in the vault.")
        .WithExamples("printf %s \"$FOUND\" | aegis credentials search-leak")
        .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var value = await SecretInput.ReadAsync(sessions.Around, ct);
            var found = await client.Credentials.SearchLeakAsync(value, ct);
            if (found.Matches.Count == 0 && value.EndsWith('\n')) // echo and files add a line break, which may not be part of the value
                found = await client.Credentials.SearchLeakAsync(value.TrimEnd('\n', '\r'), ct);
            sessions.Printer(parsed).ShowAll(found.Matches, "credential", "version", "current", "status", "ended_at");
        });
}
