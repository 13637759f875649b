namespace Aegis.Cli.Commands;

/// <summary><c>aegis sessions</c>.</summary>
internal static class SessionCommands
{
    public static Command Build(Sessions sessions) =>
        new Command("sessions", "Your sessions.").Has(List(sessions), End(sessions));

    private static Command List(Sessions sessions)
    {
        var all = new Option<bool>("--all") { Description = "Include sessions that ended in the last 90 days." };
        return new Command("list", "List sessions, newest first.") { Aliases = { "ls" } }.Takes(all, Building.Limit)
            .WithExamples("aegis sessions list --all").Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var now = sessions.Around.Clock.GetUtcNow();
            var wanted = client.Identity.ListSessionsAsync(ct).Where(s => parsed.GetValue(all) || (s.EndedAt is null && s.ExpiresAt > now));
            var found = await sessions.ShownAsync(parsed, wanted, ct);
            sessions.Printer(parsed)
                .ShowAll(found, "id", "status", "current", "client", "address", "country", "riskScore", "createdAt", "expiresAt");
        });
    }

    private static Command End(Sessions sessions)
    {
        var id = Building.Id("id", "ses_…");
        return new Command("end", "End a session. Its token is refused from then on.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            await client.Identity.EndSessionAsync(parsed.GetRequiredValue(id), ct);
            sessions.Printer(parsed).Say($"✓ Ended. {parsed.GetRequiredValue(id)}");
        });
    }
}
