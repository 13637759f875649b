using Aegis.Vault.Persistence;
using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>Rotation against a target that can fail at every step.</summary>
public sealed class RotationTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task After_a_rotation_the_new_value_works_and_the_old_one_is_refused()
    {
        var name = await Known();

        var rotated = (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);

        rotated["new_version"].Should().Be("2");
        var value = await vault.ValueOf(name);
        vault.Target.LetsIn(name, value).Should().BeTrue();
        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("version_history")[0].GetProperty("note").GetString()
            .Should().Be("because");
    }

    [Theory]
    [InlineData("create", Failure.Away)]
    [InlineData("create", Failure.LosesTheAnswer)]
    [InlineData("set", Failure.Away)]
    [InlineData("set", Failure.LosesTheAnswer)]
    [InlineData("set", Failure.Rejects)]
    [InlineData("test", Failure.Away)]
    public async Task After_one_failure_in_any_step_exactly_one_value_works(string step, Failure failure)
    {
        foreach (var mints in new[] { false, true })
        {
            var name = await Known(new { mints, keeps = mints });
            vault.Target.Fail(name, step, failure);

            await vault.Rotate(name);
            var done = await vault.Until(name, mints ? "ending" : "done");

            done.Text.Should().NotContain("needs_attention");
            vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
            var max = mints ? 2 : 1; // with the old one in its overlap
            vault.Target.Of(name).Should().HaveCount(max, "no value may be left that nobody knows of, after {0} at {1}", failure, step);
            (await vault.Admin.Get($"/v1/credentials/{name}"))["version"].Should().Be("2");
        }
    }

    [Fact]
    public async Task After_three_rejected_values_the_rotation_needs_attention()
    {
        var name = await Known();
        vault.Target.Fail(name, "set", Failure.Rejects, Failure.Rejects, Failure.Rejects);

        var refused = await vault.Rotate(name);

        refused.ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention");
        refused["provider_code"].Should().Be("standin_rejected");
        vault.Target.Calls.Count(c => c == $"{name} create").Should().Be(3);
        (await vault.ValueOf(name)).Should().Be("first-value");
        vault.Target.LetsIn(name, "first-value").Should().BeTrue();

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Fact]
    public async Task An_unreachable_target_is_tried_twelve_times_with_growing_delays()
    {
        var name = await Known();
        vault.Target.Fail(name, "set", Enumerable.Repeat(Failure.Away, 12).ToArray());

        var accepted = (await vault.Rotate(name)).ShouldBe(HttpStatusCode.Accepted);
        accepted["status"].Should().Be("rotating");
        accepted["last_error.code"].Should().Be("standin_away");
        accepted.Headers.Location!.ToString().Should().Contain($"/v1/credentials/{name}/rotations/rot_");
        var given = await vault.Until(name, "needs_attention");

        given.Json.GetProperty("items")[0].GetProperty("failures").GetInt32().Should().Be(12);
        (await vault.Admin.Get("/v1/health/dashboard")).Json.GetProperty("summary").GetProperty("failed").GetInt32().Should().BePositive();
        (await vault.ValueOf(name)).Should().Be("first-value");
    }

    [Fact]
    public async Task The_old_value_works_for_the_overlap_and_no_longer()
    {
        var name = await Known(new { keeps = true }, overlap: 60);

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);

        vault.Target.LetsIn(name, "first-value").Should().BeTrue();
        vault.Clock.Advance(TimeSpan.FromMinutes(59));
        await Task.Delay(1500); // longer than the runner's period
        vault.Target.LetsIn(name, "first-value").Should().BeTrue();
        await vault.Until(name, "done");
        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Fact]
    public async Task An_emergency_revokes_the_old_value_at_once()
    {
        var name = await Known(new { keeps = true });

        (await vault.Rotate(name, "emergency")).ShouldBe(HttpStatusCode.OK);

        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
    }

    [Fact]
    public async Task A_second_rotation_revokes_the_old_value_of_the_first()
    {
        var name = await Known(new { keeps = true });
        await vault.Rotate(name);
        var second = await vault.ValueOf(name);

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);

        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
        vault.Target.LetsIn(name, second).Should().BeTrue("its overlap has begun");
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Fact]
    public async Task A_rollback_tests_the_old_value_first_and_sets_it_again()
    {
        var name = await Known();
        await vault.Rotate(name);

        var back = (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);

        back["to_version"].Should().Be("1");
        (await vault.ValueOf(name)).Should().Be("first-value");
        vault.Target.LetsIn(name, "first-value").Should().BeTrue();
        var details = await vault.Admin.Get($"/v1/credentials/{name}");
        details["version"].Should().Be("1");
        details.Json.GetProperty("version_history")[1].GetProperty("reason").GetString().Should().Be("rollback");
        (await vault.Rotate(name))["new_version"].Should().Be("3");
    }

    [Fact]
    public async Task A_rollback_that_the_target_refuses_changes_nothing()
    {
        var name = await Known();
        await vault.Rotate(name);
        var value = await vault.ValueOf(name);
        vault.Target.Fail(name, "set", Failure.Rejects);

        var refused = await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 });

        refused.ShouldBeRefused(HttpStatusCode.Conflict, "rollback_refused");
        (await vault.ValueOf(name)).Should().Be(value);
        vault.Target.LetsIn(name, value).Should().BeTrue();
        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_rotation_or_rollback_that_is_impossible_is_refused_with_a_reason()
    {
        var plain = await vault.Registered("api");
        (await vault.Rotate(plain)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_not_configured");
        (await vault.Admin.Post($"/v1/credentials/{plain}/test")).ShouldBeRefused(HttpStatusCode.Conflict, "test_not_configured");

        var name = await Known();
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBeRefused(
            HttpStatusCode.Conflict, "version_is_current");
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 7 })).ShouldBeRefused(
            HttpStatusCode.NotFound, "version_not_found");
        (await vault.Admin.Post($"/v1/credentials/{name}/rotate", new { trigger = "scheduled" })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        await vault.Admin.Delete($"/v1/credentials/{name}");
        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_retired");
    }

    [Fact]
    public async Task A_value_set_by_hand_ends_a_stopped_rotation_and_keeps_its_candidate()
    {
        var name = await Known();
        vault.Target.Fail(name, "set", Failure.LosesTheAnswer);
        vault.Target.Fail(name, "test", Enumerable.Repeat(Failure.Away, 11).ToArray());
        await vault.Rotate(name);
        await vault.Until(name, "needs_attention");

        (await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = "by-hand" })).ShouldBe(HttpStatusCode.OK)["version"]
            .Should().Be("3");

        (await vault.ValueOf(name)).Should().Be("by-hand");
        (await vault.Admin.Get($"/v1/credentials/{name}/rotations")).Json.GetProperty("items")[0].GetProperty("last_error")
            .GetProperty("code").GetString().Should().Be("given_up");
        var kept = (await vault.Admin.Get($"/v1/credentials/{name}/value?version=2"))["value"]!;
        vault.Target.LetsIn(name, kept).Should().BeTrue("the value that the target accepted must not be lost");
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 2 })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_due_credential_is_rotated_automatically_and_scheduled_again()
    {
        var name = await vault.Registered("env", rotation: 24);
        var planned = (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("next_rotation_at").GetDateTimeOffset();
        planned.Should().BeOnOrAfter(vault.Clock.GetUtcNow().AddHours(23.9)).And.BeBefore(vault.Clock.GetUtcNow().AddHours(24.3));
        vault.Clock.Advance(TimeSpan.FromHours(24.3));
        (await vault.Admin.Get("/v1/rotation/schedule")).Json.GetProperty("overdue_rotations").EnumerateArray()
            .Should().Contain(r => r.GetProperty("credential").GetString() == name);

        await vault.App.Run<RotateDueJob>();
        await vault.Until(name, "done");

        var after = await vault.Admin.Get($"/v1/credentials/{name}");
        after["version"].Should().Be("2");
        after.Json.GetProperty("next_rotation_at").GetDateTimeOffset().Should().BeAfter(vault.Clock.GetUtcNow().AddHours(23));
        (await vault.Admin.Get($"/v1/audit/log?credential_name={name}&action=rotated")).Json.GetProperty("log")[0].GetProperty("actor")
            .GetString().Should().Be("AEGIS");
    }

    [Fact]
    public async Task A_due_credential_that_cannot_be_rotated_is_reported_once()
    {
        var name = await vault.Registered("api", rotation: 24);
        await using (var scope = vault.App.Services.CreateAsyncScope())
        {
            var now = vault.Clock.GetUtcNow(); // as a release that did not look wrote it down
            await scope.ServiceProvider.GetRequiredService<VaultDb>().Credentials.Where(c => c.Name == name)
                .ExecuteUpdateAsync(c => c.SetProperty(x => x.CannotRotate, false).SetProperty(x => x.NextRotationAt, now.AddHours(24)));
        }

        vault.Clock.Advance(TimeSpan.FromHours(25));

        await vault.App.Run<RotateDueJob>();
        await vault.App.Run<RotateDueJob>();

        var log = await vault.Admin.Get($"/v1/audit/log?credential_name={name}&action=rotated");
        log["total"].Should().Be("1");
        log.Json.GetProperty("log")[0].GetProperty("success").GetBoolean().Should().BeFalse();
        (await vault.Admin.Get($"/v1/credentials/{name}"))["next_rotation_at"].Should().BeNull();
        (await vault.Admin.Get("/v1/rotation/schedule")).Json.GetProperty("cannot_rotate").EnumerateArray()
            .Select(c => c.GetProperty("credential").GetString()).Should().Contain(name);
    }

    [Fact]
    public async Task On_expiry_rotates_a_day_before_and_gives_the_new_value_the_same_life()
    {
        var name = Aegis.Kernel.Identifiers.Ids.New("c", vault.Clock.GetUtcNow());
        var end = vault.Clock.GetUtcNow().AddDays(30);
        (await vault.Admin.Post("/v1/credentials", new
        {
            name,
            credential_type = "api_key",
            provider = "env",
            value = "v",
            expires_at = end,
            rotation_enabled = true,
            rotation_strategy = "on_expiry",
        })).ShouldBe(HttpStatusCode.Created);
        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("next_rotation_at").GetDateTimeOffset()
            .Should().BeCloseTo(end.AddDays(-1), TimeSpan.FromSeconds(1));
        vault.Clock.Advance(TimeSpan.FromDays(29.1));

        await vault.App.Run<RotateDueJob>();
        await vault.Until(name, "done");

        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("expires_at").GetDateTimeOffset()
            .Should().BeCloseTo(vault.Clock.GetUtcNow().AddDays(30), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_repeated_idempotent_rotation_makes_one_value()
    {
        var name = await Known();
        var client = vault.Admin.With("Idempotency-Key", $"once-{name}");

        var first = (await client.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK);
        var again = (await client.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK);

        again.Text.Should().Be(first.Text);
        (await vault.Admin.Get($"/v1/credentials/{name}"))["version"].Should().Be("2");
    }

    [Fact]
    public async Task Two_hosts_rotate_each_due_credential_once()
    {
        var names = new List<string>();
        for (var i = 0; i < 25; i++) names.Add(await Known(rotation: 24));
        await using var other = await StartAnother();
        vault.Clock.Advance(TimeSpan.FromHours(25));

        await Task.WhenAll(vault.App.Run<RotateDueJob>(), other.App.Run<RotateDueJob>());

        foreach (var name in names)
        {
            await vault.Until(name, "done");
            (await vault.Admin.Get($"/v1/credentials/{name}"))["version"].Should().Be("2");
            vault.Target.Calls.Count(c => c == $"{name} set").Should().Be(1);
            vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task The_wait_for_a_target_that_never_answers_is_shorter_than_the_lease()
    {
        var name = await Known();
        await using var hasty = new SecondHost(await vault.App.StartAnotherHost(("Vault:RotationLeaseSeconds", "1")));
        vault.Target.Fail(name, "test", Failure.Hangs);

        var tested = await vault.Admin.On(hasty.App).Post($"/v1/credentials/{name}/test");

        tested["error.code"].Should().Be("provider_timeout");
    }

    [Fact]
    public async Task A_value_whose_use_cannot_be_counted_is_not_returned()
    {
        var name = await vault.Registered();
        await using var other = await StartAnother();
        await other.App.Services.GetRequiredService<Aegis.Vault.Usage.UseLedger>().StopAsync(CancellationToken.None);

        var refused = await vault.Admin.On(other.App).Get($"/v1/credentials/{name}/value");

        refused.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "use_not_counted");
        refused.Text.Should().NotContain("first-value");
    }

    private async Task<SecondHost> StartAnother() => new(await vault.App.StartAnotherHost());

    private async Task<string> Known(object? config = null, int? overlap = null, object? rotation = null)
    {
        var name = await vault.Registered("standin", config: config, overlap: overlap, rotation: rotation);
        vault.Target.Of(name).Add("first-value");
        return name;
    }

    private sealed class SecondHost(AegisApp app) : IAsyncDisposable
    {
        public AegisApp App => app;

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
