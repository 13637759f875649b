using Aegis.Vault.Credentials;
using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>Edge cases: the limits of time, lives that are shorter than the warning, code that fails, many calls at once.</summary>
public sealed class ExtremesTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_value_that_expires_at_the_last_expressible_time_can_be_rotated()
    {
        var name = await vault.Registered("env", expiresAt: DateTimeOffset.MaxValue);
        vault.Clock.Advance(TimeSpan.FromSeconds(1));

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK)["new_version"].Should().Be("2");

        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("expires_at").GetDateTimeOffset().Year.Should().Be(9999);
    }

    [Fact]
    public async Task A_value_with_a_life_shorter_than_the_lead_is_rotated_after_half_of_it()
    {
        var name = Aegis.Kernel.Identifiers.Ids.New("c", vault.Clock.GetUtcNow());
        var begun = vault.Clock.GetUtcNow();
        (await vault.Admin.Post("/v1/credentials", new
        {
            name,
            credential_type = "oauth",
            provider = "env",
            value = "v",
            expires_at = begun.AddHours(1),
            rotation_enabled = true,
            rotation_strategy = "on_expiry",
        })).ShouldBe(HttpStatusCode.Created);

        await RunDue(29);
        (await Version(name)).Should().Be("1");
        await RunDue(2);
        (await Version(name)).Should().Be("2");
        await RunDue(14);
        (await Version(name)).Should().Be("2");

        async Task RunDue(int minutes)
        {
            vault.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await vault.App.Run<RotateDueJob>();
            if (minutes == 2) await vault.Until(name, "done");
        }
    }

    [Fact]
    public void A_provider_that_returns_expired_values_is_asked_again_after_a_delay()
    {
        var now = new DateTimeOffset(2026, 1, 17, 12, 0, 0, TimeSpan.Zero);
        var plan = new RotationPlan(Enabled: true, RotationStrategy.OnExpiry, IntervalHours: 24, Cron: null, OverlapMinutes: 0);
        var credential = Credential.Register(
            "cred_1", "cons_1", "c",
            new CredentialFacts("oauth", "oauth", null, null, [], "{}", "{}", false, now.AddDays(1), 72, plan), now);
        var run = RotationRun.Begin(
            "rot_1", new RotatedCredential("cred_1", "cons_1", "oauth", 1), RotationTrigger.OnExpiry, new RotationOrigin(null, null), now);
        credential.BeginRotation(run.Id, RotationTrigger.OnExpiry, now);

        credential.FinishRotation(run, expiresAt: now.AddMinutes(-1), lifetime: null, now);

        credential.NextRotationAt.Should().Be(now.AddMinutes(15));
    }

    [Fact]
    public async Task A_change_outside_the_rotation_plan_keeps_the_time_of_the_next_rotation()
    {
        var name = await vault.Registered("env", rotation: 24);
        var planned = await NextRotation(name);
        vault.Clock.Advance(TimeSpan.FromHours(20));

        await Patch(
            name, new { rotation_overlap_minutes = 5, expires_at = vault.Clock.GetUtcNow().AddDays(90), alert_threshold_hours = 3 });

        (await NextRotation(name)).Should().Be(planned, "otherwise a credential that is edited every day is never rotated");
        await Patch(name, new { rotation_interval_hours = 48 });
        (await NextRotation(name)).Should().BeAfter(planned.AddHours(24));
    }

    [Fact]
    public async Task With_on_expiry_a_changed_threshold_moves_the_rotation()
    {
        var name = Aegis.Kernel.Identifiers.Ids.New("c", vault.Clock.GetUtcNow());
        var end = vault.Clock.GetUtcNow().AddDays(30);
        (await vault.Admin.Post("/v1/credentials", new
        {
            name,
            credential_type = "a",
            provider = "env",
            value = "v",
            expires_at = end,
            rotation_enabled = true,
            rotation_strategy = "on_expiry",
        })).ShouldBe(HttpStatusCode.Created);

        await Patch(name, new { alert_threshold_hours = 2 });

        (await NextRotation(name)).Should().BeCloseTo(end.AddHours(-2), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("set")]
    public async Task A_step_that_throws_is_tried_twelve_times_and_then_needs_attention(string step)
    {
        var name = await Known();
        vault.Target.Fail(name, step, Enumerable.Repeat(Failure.Breaks, 12).ToArray());

        var begun = await vault.Rotate(name);
        begun.ShouldBe(HttpStatusCode.Accepted)["last_error.code"].Should().Be("step_broke");
        begun.Text.Should().NotContain("stand-in");
        await vault.Until(name, "needs_attention");

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Theory]
    [InlineData('a', HttpStatusCode.Created)]
    [InlineData('\u4e00', HttpStatusCode.BadRequest)]
    public async Task Tags_are_limited_by_their_length_as_escaped_JSON(char letter, HttpStatusCode expected)
    {
        var tags = Enumerable.Range(0, 50).Select(i => new string((char)(letter + i % 2), 40) + $"{i}");

        var answer =
            await vault.Admin.Post("/v1/credentials", new { name = $"tags-{(int)letter}", credential_type = "a", provider = "env", tags });

        answer.ShouldBe(expected);
    }

    [Fact]
    public async Task A_credential_whose_test_throws_does_not_stop_the_tests_of_others()
    {
        var broken = await Known();
        vault.Target.Fail(broken, "test", Failure.Breaks, Failure.Breaks);

        (await vault.Admin.Post($"/v1/credentials/{broken}/test")).ShouldBe(HttpStatusCode.OK)["error.code"].Should().Be("step_broke");
        (await vault.Admin.Post("/v1/health/check-all")).ShouldBe(HttpStatusCode.OK).Text.Should().Contain(broken);
    }

    [Fact]
    public async Task Many_callers_can_test_all_credentials_at_once()
    {
        for (var i = 0; i < 3; i++) await Known();

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => vault.Admin.Post("/v1/health/check-all")));

        all.Should().AllSatisfy(a => a.Status.Should().Be(HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_test_that_ends_after_its_credential_was_retired_raises_no_alert()
    {
        var name = await vault.Registered("standin"); // the target does not know its value
        var tried = new TaskCompletionSource();
        vault.Target.Hanging[$"{name} test"] = tried.Task;
        var test = vault.Admin.Post($"/v1/credentials/{name}/test");
        await Until(() => !vault.Target.Hanging.ContainsKey($"{name} test"));
        (await vault.Admin.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);
        tried.SetResult();
        await test;

        var id = (await vault.Admin.Get($"/v1/credentials/{name}")).Id;
        var events = (await vault.Admin.Get($"/v1/audit?object={id}&kind=event")).ShouldBe(HttpStatusCode.OK).Text;
        events.Should().Contain("credential.retired").And.NotContain("credential.tested");
    }

    [Fact]
    public async Task An_old_value_that_cannot_be_revoked_does_not_allow_a_second_rotation()
    {
        var name = await vault.Registered("standin", config: new { keeps = true }, overlap: 1);
        vault.Target.Of(name).Add("first-value");
        await vault.Rotate(name);
        var revoked = new TaskCompletionSource();
        vault.Target.Hanging[$"{name} revoke"] = revoked.Task;
        vault.Target.Fail(name, "revoke", Failure.Forbids);
        vault.Clock.Advance(TimeSpan.FromSeconds(61));
        await Until(() => !vault.Target.Hanging.ContainsKey($"{name} revoke"));
        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.Accepted); // it waits until the first value is revoked

        revoked.SetResult();
        await Until(() => vault.Target.Calls.Contains($"{name} revoke"));
        await Task.Delay(500);

        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_rotating");
        await vault.Until(name, "ending");
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
        (await vault.Admin.Get($"/v1/credentials/{name}"))["version"].Should().Be("3");
    }

    private async Task Patch(string name, object change) =>
        (await vault.Admin.Send(new HttpRequestMessage(HttpMethod.Patch, $"/v1/credentials/{name}")
        {
            Content = System.Net.Http.Json.JsonContent.Create(change),
        })).ShouldBe(HttpStatusCode.OK);

    private async Task<DateTimeOffset> NextRotation(string name) =>
        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("next_rotation_at").GetDateTimeOffset();

    private async Task<string?> Version(string name) => (await vault.Admin.Get($"/v1/credentials/{name}"))["version"];

    private async Task<string> Known()
    {
        var name = await vault.Registered("standin");
        vault.Target.Of(name).Add("first-value");
        return name;
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 400 && !holds(); i++) await Task.Delay(25);
        holds().Should().BeTrue();
    }
}
