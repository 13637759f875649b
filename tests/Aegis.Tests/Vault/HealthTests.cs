using Aegis.Vault.Health;

namespace Aegis.Tests.Vault;

/// <summary>Tests of credentials at their providers, warnings, and counts.</summary>
public sealed class HealthTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_credential_that_the_target_refuses_is_unhealthy_until_it_works()
    {
        var name = await vault.Registered("standin");

        var sick = (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK);
        sick["status"].Should().Be("unhealthy");
        sick["details.authenticated"].Should().Be("False");
        sick["error.code"].Should().Be("standin_refused");
        (await Item(name)).GetProperty("health").GetString().Should().Be("unhealthy");
        await Alert(name, "unhealthy");

        vault.Target.Of(name).Add("first-value");
        (await vault.Admin.Post($"/v1/credentials/{name}/test"))["status"].Should().Be("healthy");
        await Alert(name, null);
        (await vault.Admin.Get($"/v1/audit/log?credential_name={name}&action=tested")).Json.GetProperty("log").EnumerateArray()
            .Select(e => e.GetProperty("success").GetBoolean()).Should().Equal(true, false);
    }

    [Fact]
    public async Task An_unreachable_target_leaves_the_verdict_on_the_value_unknown()
    {
        var name = await vault.Registered("standin");
        vault.Target.Fail(name, "test", Failure.Away);

        var unknown = await vault.Admin.Post($"/v1/credentials/{name}/test");

        unknown["status"].Should().Be("unhealthy");
        unknown["details.authenticated"].Should().BeNull();
        unknown["error.code"].Should().Be("standin_away");
    }

    [Fact]
    public async Task Owners_are_warned_once_before_expiry_and_once_at_it_and_again_after_a_new_expiry()
    {
        var name = await vault.Registered(expiresAt: vault.Clock.GetUtcNow().AddHours(169));
        await vault.App.Run<WarnJob>();
        await Alert(name, null);
        vault.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));
        await vault.App.Run<WarnJob>();
        await vault.App.Run<WarnJob>();
        await Alert(name, "expiring");
        vault.Clock.Advance(TimeSpan.FromHours(168));
        await vault.App.Run<WarnJob>();
        await vault.App.Run<WarnJob>();
        await Alert(name, "expired");
        (await Events(name)).Should().Equal("credential.expired", "credential.expiring");

        await vault.Admin.Send(new HttpRequestMessage(HttpMethod.Patch, $"/v1/credentials/{name}")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { expires_at = vault.Clock.GetUtcNow().AddHours(2) }),
        });
        await Alert(name, null);
        await vault.App.Run<WarnJob>();
        await Alert(name, "expiring");
    }

    [Fact]
    public async Task Status_and_kind_change_at_the_exact_tick()
    {
        var org = await vault.Of("cons_789");
        var end = vault.Clock.GetUtcNow().AddHours(200);
        (await org.Post("/v1/credentials",
            new { name = "edge", credential_type = "a", provider = "env", value = "v", expires_at = end })).ShouldBe(
                HttpStatusCode.Created);

        (await org.Get("/v1/health/expiring?threshold_hours=199"))["count"].Should().Be("0");
        (await org.Get("/v1/health/expiring?threshold_hours=200"))["count"].Should().Be("1");
        (await org.Get("/v1/health/expiring?threshold_hours=-1")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await org.Get("/v1/health"))["unknown_count"].Should().Be("1", "it was never tested");
        (await org.Get("/v1/health"))["healthy_count"].Should().Be("0");
        (await org.Post("/v1/credentials/edge/test")).ShouldBe(HttpStatusCode.OK);
        (await org.Get("/v1/health"))["healthy_count"].Should().Be("1");
        vault.Clock.Advance(TimeSpan.FromHours(33));
        (await org.Get("/v1/health"))["expiring_count"].Should().Be("1");
        vault.Clock.Advance(TimeSpan.FromHours(168));
        (await org.Get("/v1/health"))["expired_count"].Should().Be("1");
        (await org.Get("/v1/health"))["healthy_count"].Should().Be("0");
    }

    [Fact]
    public async Task Anonymous_callers_learn_only_that_the_vault_works()
    {
        var health = (await vault.Anonymous.Get("/health")).ShouldBe(HttpStatusCode.OK);

        health.Json.EnumerateObject().Select(p => p.Name).Should().Equal("status", "agent", "version", "encryption", "last_rotation_check");
    }

    [Fact]
    public async Task Check_all_names_the_unhealthy_credentials_and_skips_those_without_a_test()
    {
        var org = await vault.Of("prov_123");
        foreach (var (name, provider) in new[] { ("good", "standin"), ("bad", "standin"), ("untried", "api") })
            (await org.Post("/v1/credentials", new { name, credential_type = "a", provider, value = "v" })).ShouldBe(
                HttpStatusCode.Created);
        (await org.Post("/v1/credentials", new { name = "empty", credential_type = "a", provider = "env" })).ShouldBe(
            HttpStatusCode.Created);
        vault.Target.Of("good").Add("v");

        var all = (await org.Post("/v1/health/check-all")).ShouldBe(HttpStatusCode.OK);

        (all["checked"], all["healthy"], all["unhealthy"]).Should().Be(("2", "1", "1"));
        all.Json.GetProperty("details")[0].GetProperty("name").GetString().Should().Be("bad");
        (all["skipped"], all["skipped_because.value_missing"], all["skipped_because.test_not_configured"]).Should().Be(("2", "1", "1"));
        all.Json.TryGetProperty("remaining", out _).Should().BeFalse();
        (await org.Get("/v1/health/dashboard")).Json.GetProperty("summary").ToString()
            .Should().Be("""{"total":4,"healthy":1,"unknown":2,"expiring":0,"expired":0,"failed":1}""");
    }

    private async Task<JsonElement> Item(string name) => (await vault.Admin.Get("/v1/health/dashboard")).Json.GetProperty("credentials")
        .EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    /// <summary>Waits until the credential has this alert and no other; null for none.</summary>
    private async Task Alert(string name, string? type)
    {
        string[] found = [];
        for (var i = 0; i < 200; i++)
        {
            found = (await vault.Admin.Get("/v1/health/dashboard")).Json.GetProperty("alerts").EnumerateArray()
                .Where(a => a.GetProperty("credential").GetString() == name)
                .Select(a => a.GetProperty("alert_type").GetString()!).ToArray();
            if (found.SequenceEqual(type is null ? [] : [type])) return;
            await Task.Delay(25);
        }

        found.Should().Equal(type is null ? [] : [type]);
    }

    private async Task<string[]> Events(string name)
    {
        var id = (await vault.Admin.Get($"/v1/credentials/{name}")).Id;
        return (await vault.Admin.Get($"/v1/audit?object={id}&kind=event&action=credential.exp*")).Json.GetProperty("items")
            .EnumerateArray()
            .Select(e => e.GetProperty("action").GetString()!).ToArray();
    }
}
