using Aegis.Vault.Persistence;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Database;
using Npgsql;

namespace Aegis.Tests.Vault;

/// <summary>A target that accepted the new value and has no free connection to test it.</summary>
public sealed class UnprovenTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_full_target_that_refuses_the_old_value_twice_has_the_new_one()
    {
        var name = await vault.Registered("standin");
        vault.Target.Fail(name, "test", Failure.IsFull, Failure.Refuses, Failure.IsFull, Failure.Refuses);
        var begun = vault.Clock.GetUtcNow();

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.Accepted)["last_error.code"].Should().Be(ProviderCode.TargetBusy);
        (await vault.ValueOf(name)).Should().Be("first-value", "one refusal may be chance");
        var done = (await vault.Until(name, "done")).Json.GetProperty("items")[0];

        (vault.Clock.GetUtcNow() - begun).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(10));
        done.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).Should().Equal("unproven");
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
        (await vault.Admin.Get($"/v1/credentials/{name}/value?version=1"))["value"].Should().Be("first-value", "it is kept");
        (await vault.Admin.Post("/v1/credentials/search-leak", new { value = "first-value" })).Json.GetProperty("matches").EnumerateArray()
            .Single(m => m.GetProperty("credential").GetString() == name).GetProperty("ended_at").ValueKind
            .Should().Be(JsonValueKind.Null, "nobody saw it end for certain");
        (await vault.Admin.Get("/v1/health/dashboard")).Json.GetProperty("credentials").EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == name).GetProperty("health").GetString().Should().Be("unknown");
    }

    [Theory]
    [InlineData("NotPermitted")]
    [InlineData("IsFull")]
    [InlineData("Away")]
    public async Task Only_a_refusal_of_the_old_value_itself_counts(string second)
    {
        var name = await vault.Registered("standin");
        vault.Target.Fail(name, "test", Failure.IsFull, Failure.Refuses, Failure.IsFull, Enum.Parse<Failure>(second), Failure.IsFull,
            Failure.NotPermitted);
        await vault.Rotate(name);

        var done = (await vault.Until(name, "done")).Json.GetProperty("items")[0];

        done.GetProperty("warnings").GetArrayLength().Should().Be(0, "it was tried at last");
    }

    [Theory]
    [InlineData("Away", false)] // the reason is unknown
    [InlineData("IsFull", true)] // the old value still works there, so its refusal has another reason
    public async Task At_other_targets_a_refusal_of_the_old_value_proves_nothing(string first, bool keeps)
    {
        var (name, untried) = (await vault.Registered("standin", config: new { keeps }), Enum.Parse<Failure>(first));
        vault.Target.Fail(name, "test", untried, Failure.Refuses, untried, Failure.Refuses);
        await vault.Rotate(name);

        var done = (await vault.Until(name, "done")).Json.GetProperty("items")[0];

        done.GetProperty("warnings").GetArrayLength().Should().Be(0);
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Fact]
    public async Task Without_a_confirmed_set_a_refusal_of_the_old_value_proves_nothing()
    {
        var name = await vault.Registered("standin");
        vault.Target.Fail(name, "test", Failure.IsFull, Failure.NotPermitted, Failure.IsFull, Failure.Refuses, Failure.IsFull,
            Failure.Refuses);
        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.Accepted);
        // a row of release 0.1.0
        await vault.App.Use<VaultDb>(db => db.Rotations.ExecuteUpdateAsync(r => r.SetProperty(x => x.IsSetConfirmed, false)));

        var done = (await vault.Until(name, "done")).Json.GetProperty("items")[0];

        done.GetProperty("warnings").GetArrayLength().Should().Be(0);
        vault.Target.LetsIn(name, await vault.ValueOf(name)).Should().BeTrue();
    }

    [Theory]
    [InlineData("InitializeSessionUserId", true)]
    [InlineData("CheckMyDatabase", true)]
    [InlineData("InitPostgres", true)]
    [InlineData("InitProcess", false)]
    [InlineData("ProcessStartupPacket", false)]
    [InlineData(null, false)]
    public void The_routine_shows_whether_the_password_was_checked(string? routine, bool proves)
    {
        PostgresException Error(string state) => new("text", "FATAL", "FATAL", state, routine: routine);

        PostgresFailure.ProvesPassword(Error("53300")).Should().Be(proves);
        PostgresFailure.ProvesPassword(Error("53200")).Should().BeFalse();
    }
}
