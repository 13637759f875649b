using Aegis.Sdk.Audit;
using Aegis.Sdk.Failures;
using Aegis.Sdk.Identity;
using Aegis.Sdk.Vault;

namespace Aegis.Tests.Sdk;

public sealed class VaultTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_credential_is_stored_read_changed_rotated_rolled_back_and_retired()
    {
        using var client = app.Client("admin");

        var created = await client.Credentials.CreateAsync(new CreateCredential("sdk-key", "api_key", "env")
        {
            Value = "first",
            Description = "From the SDK",
            Tags = ["sdk"],
            Metadata = new() { ["owner"] = "platform-team" },
        });
        var value = await client.Credentials.GetValueAsync("sdk-key");
        var updated = await client.Credentials.UpdateAsync(
            "sdk-key", new CredentialChanges { Description = null, Tags = ["a", "b"], AlertThresholdHours = 24 });
        var set = await client.Credentials.SetValueAsync("sdk-key", "second-value-of-the-sdk", "by hand");
        var rotated = await client.Credentials.RotateAsync("sdk-key", reason: "Security audit requirement");
        var back = await client.Credentials.RollBackAsync("sdk-key", 1);
        var details = await client.Credentials.GetAsync("sdk-key");
        var again = await client.Credentials.GetValueAsync("sdk-key");
        var rotations = await client.Credentials.ListRotationsAsync("sdk-key").ToListAsync();
        var leak = await client.Credentials.SearchLeakAsync("second-value-of-the-sdk");
        var retired = await client.Credentials.RetireAsync("sdk-key");
        var restored = await client.Credentials.RestoreAsync("sdk-key");

        created.Encrypted.Should().BeTrue();
        value.Value.Should().Be("first");
        updated.UpdatedFields.Should().BeEquivalentTo("description", "tags", "alert_threshold_hours");
        set.Version.Should().Be(2);
        (rotated.IsDone, rotated.NewVersion).Should().Be((true, 3));
        (back.Status, back.ToVersion, again.Value).Should().Be(("rolled_back", 1, "first"));
        details.Should().BeEquivalentTo(new { Version = 1, Tags = new[] { "a", "b" }, Description = (string?)null });
        details.Metadata!.Value.GetProperty("owner").GetString().Should().Be("platform-team");
        rotations.Should().NotBeEmpty();
        leak.Matches.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Credential = "sdk-key", Version = 2, Current = false });
        retired.Status.Should().Be("retired");
        restored.Should().BeEquivalentTo(new { Status = "active", CredentialName = "sdk-key", Version = 1 });
    }

    [Fact]
    public async Task Lists_dashboards_schedule_and_log_are_read()
    {
        using var client = app.Client("operator");
        await client.Credentials.CreateAsync(
            new CreateCredential("sdk-listed", "api_key", "env")
            {
                Value = "v",
                RotationEnabled = true,
                ExpiresAt = app.Clock.GetUtcNow().AddHours(30)
            });

        var listed = await client.Credentials.ListAsync(provider: "env").Select(c => c.Name).ToListAsync();
        var health = await client.Health.GetAsync();
        var dashboard = await client.Health.GetDashboardAsync();
        var expiring = await client.Health.GetExpiringAsync(48);
        var tested = await client.Credentials.TestAsync("sdk-listed");
        var all = await client.Health.CheckAllAsync();
        var schedule = await client.Vault.GetScheduleAsync();
        var providers = await client.Vault.GetProvidersAsync();
        var connections = await client.Vault.ListConnectionsAsync();
        var log = await client.Vault.GetLogAsync(
            new VaultLogFilter { CredentialName = "sdk-listed", From = app.Clock.GetUtcNow().AddMinutes(-5) });

        listed.Should().Contain("sdk-listed");
        (health.Status, health.Agent, health.Version).Should().Be(("healthy", "AEGIS", "2.0"));
        dashboard.Credentials.Should().Contain(c => c.Name == "sdk-listed");
        expiring.Credentials.Should().Contain(c => c.Name == "sdk-listed");
        tested.Status.Should().NotBeEmpty();
        all.Checked.Should().BePositive();
        (schedule.UpcomingRotations.Count + schedule.OverdueRotations.Count).Should().BePositive();
        providers.Providers.Should().Contain(p => p.Name == "env");
        connections.Connections.Should().NotBeEmpty();
        log.Log.Should().Contain(e => e.Action == "created" && e.Success);
    }

    [Fact]
    public async Task Keys_are_created_listed_rotated_and_revoked()
    {
        using var client = app.Client("operator");

        var made = await client.Keys.CreateAsync(new CreateKey("sdk-pipeline", "30d") { Preset = "execution" });
        var rotated = await client.Keys.RotateAsync(made.Id, "1h");
        var revoked = await client.Keys.RevokeAsync(rotated.Id);
        var listed = await client.Keys.ListAsync().ToListAsync();
        var read = await client.Keys.GetAsync(made.Id);

        made.Key.Should().StartWith("aegis_");
        revoked.Status.Should().Be("revoked");
        read.ReplacedBy.Should().Be(rotated.Id);
        listed.Should().Contain(k => k.Id == made.Id);
    }

    [Fact]
    public async Task A_leaked_key_can_be_revoked_by_anyone_who_has_it()
    {
        using var owner = app.Client("operator");
        using var finder = new Aegis.Sdk.AegisClient(new Aegis.Sdk.AegisClientOptions { BaseAddress = app.BaseAddress });
        var made = await owner.Keys.CreateAsync(new CreateKey("found", "7d") { Preset = "read-only" });

        var reported = await finder.Keys.ReportLeakAsync(made.Key);

        reported.KeyId.Should().Be(made.Id);
        (await owner.Keys.GetAsync(made.Id)).Status.Should().Be("revoked");
    }

    [Fact]
    public async Task A_secret_is_not_shown_again_after_a_lost_answer()
    {
        using var client = app.Client("operator");
        var made = await client.Keys.CreateAsync(new CreateKey("lost", "7d") { Preset = "read-only" }, "lost-1");

        var again = () => client.Keys.CreateAsync(new CreateKey("lost", "7d") { Preset = "read-only" }, "lost-1");

        var refusal = (await again.Should().ThrowAsync<AegisConflictException>()).Which;
        (refusal.Code, refusal.Members["id"].GetString()).Should().Be(("secret_already_shown", made.Id));
    }

    [Fact]
    public async Task The_audit_log_is_read_page_by_page()
    {
        using var client = app.Client("admin");
        for (var i = 0; i < 3; i++) await client.Identity.GetSessionAsync();

        var page = await client.Audit.ListPageAsync(limit: 1);
        var walked = await client.Audit.ListAsync(new AuditFilter { From = app.Clock.GetUtcNow().AddHours(-1) }).Take(120).ToListAsync();

        page.Items.Should().ContainSingle();
        walked.Select(e => e.Id).Should().OnlyHaveUniqueItems();
        (await client.Identity.GetOrganizationAsync()).Id.Should().Be("org_platform");
        (await client.Identity.GetScopesAsync()).Presets.Select(p => p.Name).Should().Contain("study-consumer");
    }
}
