namespace Aegis.Interop.Tests.People;

/// <summary>
/// The pages in Debian's Chromium. axe-core checks each page in light mode, in dark mode and at the width of a phone. Set
/// <c>AEGIS_SHOTS</c> to a folder to get screenshots.
/// </summary>
public sealed class PagesTests : IAsyncLifetime
{
    private const string Organization = "cons_456";

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task A_person_signs_in_visits_the_pages_and_signs_out()
    {
        var steps = await Drive("signIn");

        steps["sign-in"].Path.Should().Be("/sign-in");
        steps["focus"].Text.Should().Be("alert", "the error is read first");
        steps["keys-empty"].Path.Should().Be("/settings/api-keys");
        steps["after"].Path.Should().Be("/sign-in");
        steps.Values.Count(s => s.Violations is not null).Should().BeGreaterThan(8);
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task A_key_is_made_with_a_preset_adjusted_shown_once_rotated_and_revoked()
    {
        var steps = await Drive("keys");

        steps["preset"].Checked.Should().Be(26);
        steps["preset"].Runs.Should().BeTrue();
        steps["copied"].Key.Should().Be(steps["shown"].Key);
        steps["list"].Shown.Should().BeFalse();
        steps["all"].Names.Should().Contain("ci-pipeline Revoked");
        steps["clicks"].Text.Should().Be("false,true", "the second of two clicks sends nothing");
        steps["twice"].Text.Should().Contain("sent-twice");
        (await new ApiClient(app.NewHttp(), steps["rotated"].Key!).Get("/v1/auth/session")).ShouldBeRefused(
            HttpStatusCode.Unauthorized, "api_key_revoked");
        // the rotated key still works for one hour
        var session = (await new ApiClient(app.NewHttp(), steps["shown"].Key!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        session.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString())
            .Should().Contain("webhook:read").And.NotContain("workflow:cancel");
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task A_key_is_made_rotated_and_revoked_without_scripts()
    {
        var steps = await Drive("keys", ("script", false));

        steps["preset"].Checked.Should().Be(26);
        steps["preset"].Runs.Should().BeTrue();
        steps["list"].Shown.Should().BeFalse();
        steps["revoked"].Said.Should().Contain("revoked");
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task A_program_is_approved_denied_or_expired()
    {
        var auth = AuthApp.On(app);
        var late = await auth.BeginDevice();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        var (approved, denied) = (await auth.BeginDevice(), await auth.BeginDevice("study:read org:read"));

        var steps =
            await Drive("device", ("codes", new[] { new[] { approved.User, "Approve" }, [denied.User, "Deny"], [late.User, "expired"] }));

        steps["device-asked"].Path.Should().Be("/realms/aegis-system/device");
        steps["Approve"].Text.Should().Contain("The Aegis command line is logged in as you");
        steps["Deny"].Text.Should().Contain("gets no access");
        steps["expired"].Text.Should().Contain("expired");
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        (await auth.Poll(approved)).ShouldBe(HttpStatusCode.OK)["access_token"].Should().NotBeNull();
        (await auth.Poll(denied))["error"].Should().Be("access_denied");
    }

    [InteropFact("chromium", "playwright-core", "axe-core", "zbarimg")]
    public async Task An_authenticator_is_set_up_by_its_QR_code_and_required_from_then_on()
    {
        var picture = Path.Combine(app.DataDirectory, "picture.png");
        var steps = await Drive("authenticator", ("qr", picture));

        var read = (await Tool.Run("zbarimg", "--quiet", "--raw", picture)).ShouldSucceed();
        read.Output.Trim().Should().Be(steps["qr"].Uri);
        steps["on"].Said.Should().Contain("Your authenticator is on");
        steps["replayed"].Text.Should().Contain("This code has already been used");
        steps["in"].Path.Should().Be("/settings/api-keys");
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task A_passkey_is_made_used_renamed_and_removed()
    {
        var steps = await Drive("passkey");

        steps["in"].Path.Should().Be("/settings/api-keys");
        steps["renamed"].Value.Should().Be("Old laptop");
        steps["gone"].Text.Should().Contain("not known here");
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task After_15_minutes_a_person_signs_in_again_and_then_makes_a_key()
    {
        await using var time = await StandIn.Start(_ =>
        {
            app.Clock.Advance(TimeSpan.FromMinutes(15));
            return (200, "");
        });

        var steps = await Drive("proof", ("later", time.Url));

        steps["by-passkey"].Path.Should().Be("/settings/passkeys");
        steps["by-password"].Path.Should().Be("/settings/api-keys/new");
        (await new ApiClient(app.NewHttp(), steps["made"].Key!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task An_invited_person_chooses_a_password()
    {
        const string email = "somebody.new@example.org";
        var invited = (await app.As("admin")
            .Post("/v1/users", new { email, name = "Somebody", role = "aegis:operator" })).ShouldBe(HttpStatusCode.Created);

        var steps = await Drive(
            "invitation", ("invitation", invited["invitationUrl"]!), ("email", email), ("password", "seven grey herons at noon"));

        steps["in"].Path.Should().Be("/settings/api-keys");
        steps["invitation-used"].Title.Should().StartWith("This no longer works");
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task The_page_of_a_first_key_works_like_the_others()
    {
        var auth = AuthApp.On(app);
        var approved = await auth.Approved();

        var steps = await Drive("claim", ("claim", approved["claimUrl"]!));

        steps["claim-shown"].Title.Should().StartWith("Keep this key now");
    }

    [InteropFact("chromium", "playwright-core", "axe-core")]
    public async Task The_admin_of_the_platform_sees_the_jobs_and_starts_one()
    {
        await app.DisposeAsync();
        app = await AegisApp.Start(("Jobs:Runner", "Hangfire"), ("Jobs:DashboardWrites", "true"));
        var (email, password) = app.Person("org_platform");

        var steps = await Drive("dashboard", ("email", email), ("password", password), ("job", "vault.bar-unreadable-crons"));

        steps["dashboard/recurring"].Path.Should().Be("/hangfire/recurring");
        steps["dashboard/servers"].Text.Should().Be("Servers");
        steps["triggered"].Path.Should().Be("/hangfire/recurring");
        (await app.Happened("vault.bar-unreadable-crons")).Should().ContainSingle(e => e.Action == "jobs.changed");
    }

    /// <summary>Runs a scenario and fails on everything that axe-core or the browser reports.</summary>
    private async Task<Dictionary<string, Step>> Drive(string scenario, params (string Name, object Value)[] more)
    {
        var (email, password) = app.Person(Organization);
        var options = new Dictionary<string, object?>
        {
            // passkeys need a host name
            ["base"] = app.BaseAddress.ToString().TrimEnd('/').Replace("127.0.0.1", "localhost", StringComparison.Ordinal),
            ["email"] = email,
            ["password"] = password,
            ["chromium"] = "/usr/bin/chromium",
            ["shots"] = Environment.GetEnvironmentVariable("AEGIS_SHOTS"),
        };
        foreach (var (name, value) in more) options[name] = value;

        var run = await Tool.RunIn(Path.Combine(Tool.Folder, "npm"), "node", "pages.mjs", scenario, JsonSerializer.Serialize(options));

        var steps = run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<Step>(l, JsonSerializerOptions.Web)!).ToList();
        steps.Where(s => s.Error is not null).Select(s => s.Error).Should().BeEmpty();
        foreach (var step in steps) (step.Violations ?? []).Should().BeEmpty("axe-core checked {0}", step.Name);
        return steps.GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.Last());
    }

    private sealed record Step(
        string Name, string? Title, string? Path, string[]? Violations, string? Error, string? Text, string? Said, string? Key, string? Uri,
        string? Value,
        int Checked, bool Runs, bool Shown, string[]? Names);
}
