using Aegis.Vault.Persistence;
using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>Credentials that are registered without a configuration for making values.</summary>
public sealed class NotConfiguredTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Theory]
    [InlineData("supabase", "provider_config.project_ref")]
    [InlineData("database", "provider_config.engine")]
    [InlineData("webhook", "provider_config.url")]
    [InlineData("oauth", "provider_config.grant")]
    [InlineData("n8n", "/v1/vault/connections/n8n")]
    [InlineData("api", "provider_config")]
    public async Task A_credential_needs_only_required_members_and_says_what_rotation_lacks(string provider, string missing)
    {
        var name = Name();

        var created = (await vault.Admin.Post("/v1/credentials", new { name, credential_type = "api_key", provider })).ShouldBe(
            HttpStatusCode.Created);

        Texts(created.Json, "warnings").Should().Equal("rotation_not_configured");
        created["cannot_rotate"].Should().Contain(missing);
        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_not_configured")["detail"].Should().Contain(missing);
        foreach (var value in new[] { "one", "two" })
            (await vault.Admin.Put($"/v1/credentials/{name}/value", new { value })).ShouldBe(HttpStatusCode.OK);
        if (provider != "n8n") // n8n can be asked whether it has the credential
        {
            (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBeRefused(HttpStatusCode.Conflict, "test_not_configured");
            (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
            (await vault.ValueOf(name)).Should().Be("one");
        }

        (await vault.Admin.Get($"/v1/credentials/{name}/provider-config")).ShouldBe(HttpStatusCode.OK);
        (await vault.Admin.Patch($"/v1/credentials/{name}", new { description = "d" })).ShouldBe(HttpStatusCode.OK);
        (await vault.Admin.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"provider":"supabase","provider_config":{"name_prefix":"x"}}""", "provider_config.project_ref")]
    [InlineData("""{"provider":"database","provider_config":{"engine":"postgres"}}""", "provider_config.host")]
    public async Task A_configuration_must_be_complete_or_empty(string members, string missing)
    {
        var refused = await vault.Admin.Post("/v1/credentials", $$"""{"name":"{{Name()}}","credential_type":"a",{{members[1..]}}""");

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Contain(missing);
    }

    [Fact]
    public async Task A_configuration_can_be_added_and_removed_later()
    {
        var name = Name();
        (await vault.Admin.Post("/v1/credentials", new { name, credential_type = "a", provider = "supabase", value = "v" })).ShouldBe(
            HttpStatusCode.Created);

        var wrong = await vault.Admin.Patch($"/v1/credentials/{name}", new { provider_config = new { project_ref = "short" } });
        wrong.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await vault.Admin.Patch(
            $"/v1/credentials/{name}", new { provider_config = new { project_ref = "abcdefghijklmnopqrst" } })).ShouldBe(HttpStatusCode.OK);
        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention")["provider_code"]
            .Should().Be("connection_missing");
        (await vault.Admin.Patch($"/v1/credentials/{name}", """{"provider_config":null}""")).ShouldBe(HttpStatusCode.OK);
        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention")["provider_code"]
            .Should().Be("config_missing");
    }

    [Fact]
    public async Task A_credential_that_cannot_rotate_is_not_scheduled_and_says_why_everywhere()
    {
        var org = await vault.Of("cons_789");
        var body = new
        {
            name = "idle",
            credential_type = "a",
            provider = "api",
            value = "v",
            rotation_enabled = true,
            expires_at = vault.Clock.GetUtcNow().AddHours(100)
        };

        var created = (await org.Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);

        Texts(created.Json, "warnings").Should().Equal("rotation_not_configured");
        (await org.Get("/v1/credentials/idle"))["next_rotation_at"].Should().BeNull();
        var schedule = (await org.Get("/v1/rotation/schedule")).Json;
        (schedule.GetProperty("upcoming_rotations").GetArrayLength(), schedule.GetProperty("overdue_rotations").GetArrayLength())
            .Should().Be((0, 0));
        schedule.GetProperty("cannot_rotate")[0].GetProperty("credential").GetString().Should().Be("idle");
        schedule.GetProperty("cannot_rotate")[0].GetProperty("code").GetString().Should().Be("rotation_not_configured");
        schedule.GetProperty("cannot_rotate")[0].GetProperty("message").GetString().Should().Contain("provider_config");
        var dashboard = (await org.Get("/v1/health/dashboard")).Json;
        dashboard.GetProperty("credentials")[0].GetProperty("cannot_rotate").GetString().Should().Contain("provider_config");
        dashboard.GetProperty("alerts")[0].GetProperty("alert_type").GetString().Should().Be("cannot_rotate");
        dashboard.GetProperty("alerts")[0].GetProperty("message").GetString().Should().StartWith("Cannot rotate: ");
        (await org.Get("/v1/health"))["cannot_rotate_count"].Should().Be("1");
        (await org.Get("/v1/health/expiring")).Json.GetProperty("credentials")[0].GetProperty("cannot_rotate").GetString()
            .Should().Contain("provider_config");

        vault.Clock.Advance(TimeSpan.FromHours(800));
        await vault.App.Run<RotateDueJob>();
        (await org.Get("/v1/credentials/idle/rotations")).Json.GetProperty("items").GetArrayLength().Should().Be(0);

        var config = new { generate = true, set = new { url = "https://api.example.org/keys", body = "{{value}}" } };
        (await org.Patch("/v1/credentials/idle", new { provider_config = config })).ShouldBe(HttpStatusCode.OK).Json.TryGetProperty(
            "warnings", out _).Should().BeFalse();
        (await org.Get("/v1/rotation/schedule")).Json.GetProperty("upcoming_rotations").GetArrayLength().Should().Be(1);
        (await org.Get("/v1/health"))["cannot_rotate_count"].Should().Be("0");
        var off = (await org.Patch("/v1/credentials/idle", """{"provider_config":null}""")).ShouldBe(HttpStatusCode.OK);
        Texts(off.Json, "warnings").Should().Equal("rotation_not_configured");
        (await org.Patch("/v1/credentials/idle", new { rotation_enabled = false })).ShouldBe(HttpStatusCode.OK);
        (await org.Get("/v1/rotation/schedule")).Json.GetProperty("cannot_rotate").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task A_due_credential_of_an_earlier_release_that_cannot_rotate_is_reported_once()
    {
        var org = await vault.Of("prov_123");
        var body = new
        {
            name = "planned",
            credential_type = "a",
            provider = "api",
            value = "v",
            rotation_enabled = true,
            rotation_interval_hours = 1
        };
        (await org.Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);
        var past = vault.Clock.GetUtcNow() - TimeSpan.FromMinutes(1);
        await vault.App.Use<VaultDb>(db => db.Credentials.Where(c => c.Name == "planned")
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.CannotRotate, false).SetProperty(x => x.NextRotationAt, past)));

        await vault.App.Run<RotateDueJob>();
        await vault.App.Run<RotateDueJob>();

        var credential = await org.Get("/v1/credentials/planned");
        credential["next_rotation_at"].Should().BeNull();
        for (var i = 0; i < 200 && (await org.Get("/v1/health"))["cannot_rotate_count"] != "1"; i++) await Task.Delay(25);
        (await org.Get("/v1/rotation/schedule")).Json.GetProperty("cannot_rotate")[0].GetProperty("credential").GetString()
            .Should().Be("planned");
        (await org.Get($"/v1/audit?object={credential.Id}&kind=event&action=credential.rotation_failed")).Json.GetProperty("items")
            .GetArrayLength().Should().Be(1);
    }

    private string Name() => Aegis.Kernel.Identifiers.Ids.New("c", vault.Clock.GetUtcNow());

    private static IEnumerable<string?> Texts(JsonElement json, string member) =>
        json.GetProperty(member).EnumerateArray().Select(e => e.GetString());
}
