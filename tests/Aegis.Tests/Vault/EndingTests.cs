using Aegis.Vault.Persistence;

namespace Aegis.Tests.Vault;

/// <summary>The revocation of old values while something else happens to their credential. A value in use must never be revoked.</summary>
public sealed class EndingTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task An_old_value_is_not_revoked_while_a_rollback_makes_it_current_again()
    {
        var name = await Known(overlap: 1);
        await vault.Rotate(name);
        var tried = new TaskCompletionSource();
        vault.Target.Hanging[$"{name} test"] = tried.Task;
        var rollback = vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 });
        await Until(() => !vault.Target.Hanging.ContainsKey($"{name} test"));

        vault.Clock.Advance(TimeSpan.FromSeconds(90)); // the overlap ends during the rollback
        await Task.Delay(2500); // longer than the runner's period
        tried.SetResult();

        (await rollback).Status.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.Accepted);
        await vault.Until(name, "done");
        (await vault.ValueOf(name)).Should().Be("first-value");
        vault.Target.LetsIn(name, "first-value").Should().BeTrue("the value in use has to work");
    }

    [Fact]
    public async Task A_rollback_to_a_value_is_refused_while_it_is_being_revoked()
    {
        var name = await Known(overlap: 1);
        await vault.Rotate(name);
        var revoked = new TaskCompletionSource();
        vault.Target.Hanging[$"{name} revoke"] = revoked.Task;
        vault.Clock.Advance(TimeSpan.FromSeconds(61));
        await Until(() => !vault.Target.Hanging.ContainsKey($"{name} revoke"));

        var early = await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 });
        revoked.SetResult();
        await vault.Until(name, "done");

        early.ShouldBeRefused(HttpStatusCode.Conflict, "credential_rotating")["retry_after_ms"].Should().NotBeNull();
        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Fact]
    public async Task A_new_rotation_waits_for_the_host_that_is_revoking_the_previous_value()
    {
        var name = await Known(overlap: 1);
        await vault.Rotate(name);
        var revoked = new TaskCompletionSource();
        vault.Target.Hanging[$"{name} revoke"] = revoked.Task;
        vault.Clock.Advance(TimeSpan.FromSeconds(61));
        await Until(() => !vault.Target.Hanging.ContainsKey($"{name} revoke"));

        var rotated = vault.Rotate(name);
        await Task.Delay(1500);
        vault.Target.Calls.Count(c => c == $"{name} create")
            .Should().Be(1, "what is still done to the old value must not fall upon the new one");
        revoked.SetResult();
        await rotated;
        await vault.Until(name, "ending");

        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
        (await vault.Admin.Get($"/v1/credentials/{name}"))["version"].Should().Be("3");
    }

    [Fact]
    public async Task A_crashed_step_with_a_clock_far_ahead_does_not_block_a_rollback()
    {
        var name = await Known(overlap: 60);
        await vault.Rotate(name);
        await CrashedWithClockAhead(name);

        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
        (await vault.ValueOf(name)).Should().Be("first-value");
    }

    [Fact]
    public async Task A_crashed_step_with_a_clock_far_ahead_does_not_block_a_new_rotation()
    {
        var name = await Known(overlap: 60);
        await vault.Rotate(name);
        await CrashedWithClockAhead(name);

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK)["new_version"].Should().Be("3");
        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
    }

    [Fact]
    public async Task After_a_rollback_the_previous_value_works_for_the_overlap_and_is_then_revoked()
    {
        var name = await Known(overlap: 60);
        await vault.Rotate(name);
        var second = await vault.ValueOf(name);

        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK)["to_version"]
            .Should().Be("1");

        vault.Target.LetsIn(name, second).Should().BeTrue();
        await vault.Until(name, "done");
        vault.Target.LetsIn(name, second).Should().BeFalse("a value that no rollback restores must not work for ever");
        vault.Target.LetsIn(name, "first-value").Should().BeTrue();
    }

    [Fact]
    public async Task Two_rollbacks_back_and_forth_leave_only_the_value_in_use_working()
    {
        var name = await Known(overlap: 60);
        await vault.Rotate(name);
        var second = await vault.ValueOf(name);
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 2 })).ShouldBe(HttpStatusCode.OK);

        await vault.Until(name, "done");
        await Task.Delay(2500); // the earlier rotations are due as well

        (await vault.ValueOf(name)).Should().Be(second);
        vault.Target.LetsIn(name, second).Should().BeTrue();
        vault.Target.LetsIn(name, "first-value").Should().BeFalse();
    }

    [Fact]
    public async Task An_old_value_that_was_set_again_by_hand_is_not_revoked()
    {
        var name = await Known(overlap: 1);
        await vault.Rotate(name);
        (await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = "first-value" })).ShouldBe(HttpStatusCode.OK);

        await vault.Until(name, "done");

        vault.Target.LetsIn(name, "first-value").Should().BeTrue("it is the value in use");
    }

    [Fact]
    public async Task A_credential_whose_rotation_failed_is_scheduled_again_after_a_rollback()
    {
        var name = await vault.Registered("standin", config: new { keeps = false }, rotation: 24);
        vault.Target.Of(name).Add("first-value");
        await vault.Rotate(name);
        vault.Target.Fail(name, "set", Failure.Forbids);
        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention");
        (await vault.Admin.Get($"/v1/credentials/{name}"))["next_rotation_at"].Should().BeNull();

        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);

        (await vault.Admin.Get($"/v1/credentials/{name}"))["next_rotation_at"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_new_value_gets_its_second_test_despite_an_earlier_failure()
    {
        var name = await Known(overlap: 60);
        vault.Target.Fail(name, "create", Failure.Away);
        vault.Target.Fail(name, "test", Failure.Rejects, Failure.Rejects); // a target that needs a moment before it accepts a new value

        await vault.Rotate(name);
        await vault.Until(name, "ending");

        vault.Target.Calls.Count(c => c == $"{name} create").Should().Be(2, "the value that the target took must not be thrown away");
    }

    [Fact]
    public async Task An_idle_runner_waits_for_the_next_commit()
    {
        Aegis.Vault.Rotation.RotationRunner.FirstOf([], Task.CompletedTask).IsCompleted.Should().BeTrue();
        await Aegis.Vault.Rotation.RotationRunner.FirstOf([Task.CompletedTask], new TaskCompletionSource().Task);
    }

    private async Task<string> Known(int overlap)
    {
        var name = await vault.Registered("standin", config: new { keeps = true }, overlap: overlap);
        vault.Target.Of(name).Add("first-value");
        return name;
    }

    /// <summary>The state after a crash of a host that was revoking the old value and whose clock was a year ahead.</summary>
    private Task CrashedWithClockAhead(string name) => vault.App.Use<VaultDb>(async db =>
    {
        var credential = await db.Credentials.SingleAsync(c => c.Name == name);
        await db.Rotations.Where(r => r.CredentialId == credential.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.LeaseUntil, vault.Clock.GetUtcNow() + TimeSpan.FromDays(365)));
    });

    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 400 && !holds(); i++) await Task.Delay(25);
        holds().Should().BeTrue();
    }
}
