using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>Many hanging targets, in an app of their own: they fill the queue of their provider for all later rotations.</summary>
public sealed class HangingTargetTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task Targets_of_one_organization_that_hang_delay_no_other_rotations()
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
        await UntilRotated(vault.Admin, "ours"); // of the same organization, after more rotations than one query returns

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
}
