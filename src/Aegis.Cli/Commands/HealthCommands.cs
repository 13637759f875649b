namespace Aegis.Cli.Commands;

/// <summary><c>aegis health</c>.</summary>
internal static class HealthCommands
{
    public static Command Build(Sessions sessions) => new Command("health", "Show the health of the host and the credentials.")
        .Has(Dashboard(sessions), Expiring(sessions), CheckAll(sessions))
        .WithExamples("aegis health --env localhost:8012", "aegis health expiring --within-hours 48")
        .Does(async (parsed, ct) =>
        {
            // Everybody may ask. A caller who is logged in also sees the numbers.
            using var client = sessions.Key is not null || sessions.Select(parsed, await sessions.Store.ReadAsync(ct)) is not null
                ? await sessions.ClientAsync(parsed, ct) : sessions.Anonymous(parsed);
            var health = await client.Health.GetAsync(ct);
            sessions.Printer(parsed).Show(health);
            if (health.Status != "healthy") throw new StoppedException(ExitCodes.Failed, $"The host is {health.Status}.");
        });

    private static Command Dashboard(Sessions sessions) =>
        new Command("dashboard", "Show the health of all credentials.").Does(async (parsed, ct) =>
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var dashboard = await client.Health.GetDashboardAsync(ct);
        var printer = sessions.Printer(parsed);
        if (!printer.IsTable)
        {
            printer.Show(dashboard);
            return;
        }

        printer.Show(dashboard.Summary);
        printer.ShowAll(dashboard.Credentials, "name", "status", "health", "expires_in_hours", "last_used", "cannot_rotate");
        if (dashboard.Alerts.Count > 0) printer.ShowAll(dashboard.Alerts, "credential", "alert_type", "message", "created_at");
    });

    private static Command Expiring(Sessions sessions)
    {
        var hours = new Option<int?>("--within-hours") { Description = "Hours until expiry; default 168." };
        return new Command("expiring", "List credentials that expire soon.").Takes(hours).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var ending = await client.Health.GetExpiringAsync(parsed.GetValue(hours), ct);
            sessions.Printer(parsed)
                .ShowAll(ending.Credentials, "name", "expires_at", "expires_in_hours", "rotation_enabled", "cannot_rotate");
        });
    }

    private static Command CheckAll(Sessions sessions) =>
        new Command("check-all", "Test every credential. The exit code is 1 if one does not work.").Does(async (parsed, ct) =>
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var tried = await client.Health.CheckAllAsync(ct);
        var printer = sessions.Printer(parsed);
        if (!printer.IsTable) printer.Show(tried);
        else if (tried.Details.Count > 0) printer.ShowAll(tried.Details, "name", "status", "error", "response_time_ms");
        else printer.Say($"✓ {tried.Checked} tested, {tried.Healthy} work.");
        if (tried is { Skipped: > 0, SkippedBecause: { } why })
            printer.Say(
                $"{tried.Skipped} skipped: {why.ValueMissing} without a value, {why.TestNotConfigured} without a configured test.");
        if (tried.Unhealthy > 0) throw new StoppedException(ExitCodes.Failed, $"{tried.Unhealthy} of {tried.Checked} do not work.");
    });
}
