using Aegis.Vault.Credentials;
using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>
/// What comes up at the edges: the ends of time, lives that are shorter than the warning, code that breaks, many calls at once.
/// </summary>
public sealed class ExtremesTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_value_that_ends_with_time_itself_is_followed_by_one_that_does_too()
    {
        var name = await vault.Registered("env", expiresAt: DateTimeOffset.MaxValue);
        vault.Clock.Advance(TimeSpan.FromSeconds(1));

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK)["new_version"].Should().Be("2");

        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("expires_at").GetDateTimeOffset().Year.Should().Be(9999);
    }

    [Fact]
    public async Task A_life_shorter_than_the_lead_is_used_by_half_and_not_rotated_each_minute()
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
    public void A_provider_that_gives_out_values_that_have_ended_is_asked_again_after_a_rest()
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
    public async Task A_change_that_does_not_touch_the_plan_leaves_the_next_rotation_where_it_is()
    {
        var name = await vault.Registered("env", rotation: 24);
        var planned = await Planned(name);
        vault.Clock.Advance(TimeSpan.FromHours(20));

        await Patch(
            name, new { rotation_overlap_minutes = 5, expires_at = vault.Clock.GetUtcNow().AddDays(90), alert_threshold_hours = 3 });

        (await Planned(name)).Should().Be(planned, "otherwise whoever edits a credential every day is never rotated");
        await Patch(name, new { rotation_interval_hours = 48 });
        (await Planned(name)).Should().BeAfter(planned.AddHours(24));
    }

    [Fact]
    public async Task On_expiry_a_threshold_that_is_changed_moves_the_rotation()
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

        (await Planned(name)).Should().BeCloseTo(end.AddHours(-2), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("set")]
    public async Task Code_that_breaks_asks_for_a_person_after_twelve_times_instead_of_going_on_for_ever(string step)
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
    public async Task Tags_fit_into_their_column_also_where_each_letter_is_escaped(char letter, HttpStatusCode expected)
    {
        var tags = Enumerable.Range(0, 50).Select(i => new string((char)(letter + i % 2), 40) + $"{i}");

        var answer =
            await vault.Admin.Post("/v1/credentials", new { name = $"tags-{(int)letter}", credential_type = "a", provider = "env", tags });

        answer.ShouldBe(expected);
    }

    [Fact]
    public async Task One_that_cannot_be_tried_does_not_keep_the_others_from_being_tried()
    {
        var broken = await Known();
        vault.Target.Fail(broken, "test", Failure.Breaks, Failure.Breaks);

        (await vault.Admin.Post($"/v1/credentials/{broken}/test")).ShouldBe(HttpStatusCode.OK)["error.code"].Should().Be("step_broke");
        (await vault.Admin.Post("/v1/health/check-all")).ShouldBe(HttpStatusCode.OK).Text.Should().Contain(broken);
    }

    [Fact]
    public async Task Many_may_try_everything_at_once()
    {
        for (var i = 0; i < 3; i++) await Known();

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => vault.Admin.Post("/v1/health/check-all")));

        all.Should().AllSatisfy(a => a.Status.Should().Be(HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_try_that_ends_after_its_credential_was_retired_raises_no_alert()
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
    public async Task An_old_value_that_cannot_be_ended_does_not_open_a_door_beside_the_rotation_under_way()
    {
        var name = await vault.Registered("standin", config: new { keeps = true }, overlap: 1);
        vault.Target.Of(name).Add("first-value");
        await vault.Rotate(name);
        var revoked = new TaskCompletionSource();
        vault.Target.Hanging[$"{name} revoke"] = revoked.Task;
        vault.Target.Fail(name, "revoke", Failure.Forbids);
        vault.Clock.Advance(TimeSpan.FromSeconds(61));
        await Until(() => !vault.Target.Hanging.ContainsKey($"{name} revoke"));
        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.Accepted); // it waits for the end of the first value

        revoked.SetResult();
        await Until(() => vault.Target.Calls.Contains($"{name} revoke"));
        await Task.Delay(500);

        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_rotating");
        await vault.Until(name, "ending");
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
        (await vault.Admin.Get($"/v1/credentials/{name}"))["version"].Should().Be("3");
    }

    [Fact]
    public async Task Targets_of_one_organization_that_hang_hold_up_nobody_else()
    {
        var other = await vault.Of("prov_123");
        await Rotating(other, "theirs");
        for (var i = 0; i < 260; i++)
        {
            var name = await vault.Registered("standin", rotation: 24);
            vault.Target.Of(name).Add("first-value");
            vault.Target.Fail(name, "test", Failure.Hangs);
        }

        await Rotating(vault.Admin, "ours");
        vault.Clock.Advance(TimeSpan.FromHours(24.5));

        await vault.App.Run<RotateDueJob>();

        await UntilRotated(other, "theirs"); // of the same provider
        await UntilRotated(vault.Admin, "ours"); // of the same organization, behind more than one look takes

        static async Task Rotating(ApiClient of, string name) => (await of.Post("/v1/credentials", new
        {
            name,
            credential_type = "a",
            provider = name == "theirs" ? "standin" : "generated",
            value = "v",
            rotation_enabled = true,
            rotation_interval_hours = 24,
        })).ShouldBe(HttpStatusCode.Created);

        static async Task UntilRotated(ApiClient of, string name)
        {
            for (var i = 0; i < 100; i++)
            {
                if ((await of.Get($"/v1/credentials/{name}"))["version"] == "2") return;
                await Task.Delay(100);
            }

            throw new TimeoutException(name);
        }
    }

    private async Task Patch(string name, object change) =>
        (await vault.Admin.Send(new HttpRequestMessage(HttpMethod.Patch, $"/v1/credentials/{name}")
        {
            Content = System.Net.Http.Json.JsonContent.Create(change),
        })).ShouldBe(HttpStatusCode.OK);

    private async Task<DateTimeOffset> Planned(string name) =>
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
