using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>
/// A credential with an expression that release 0.1 accepted and this release cannot read keeps its row and says that it cannot rotate.
/// </summary>
public sealed class UnreadableCronTests(VaultApp app) : IClassFixture<VaultApp>
{
    private const string WithYear = "0 0 12 1 1 ? 2030";

    [Fact]
    public async Task An_unreadable_expression_is_reported_and_refused_only_when_it_is_set_again()
    {
        (await app.Admin.Post("/v1/credentials", new
        {
            name = "yearly",
            credential_type = "api_key",
            provider = "generated",
            value = "first",
            rotation_enabled = true,
            rotation_strategy = "scheduled",
            rotation_cron = "0 12 1 1 *",
        })).ShouldBe(HttpStatusCode.Created);
        await app.App.Database.Run(
            $"UPDATE {TestDatabase.Table("vault", "credentials")} SET RotationCron = '{WithYear}' WHERE Name = 'yearly'");

        await app.App.Run<BarUnreadableCronsJob>();
        await app.App.Run<BarUnreadableCronsJob>();

        var plan = (await app.Admin.Get("/v1/rotation/schedule")).ShouldBe(HttpStatusCode.OK);
        plan.Text.Should().Contain($"rotation_cron '{WithYear}' can no longer be read");
        plan.Json.GetProperty("upcoming_rotations").GetRawText().Should().NotContain("yearly");
        (await app.Admin.Get("/v1/health/dashboard")).ShouldBe(HttpStatusCode.OK).Text
            .Should().Contain($"Cannot rotate: rotation_cron '{WithYear}'");
        (await app.App.Database.Column($"SELECT RotationCron FROM {TestDatabase.Table("vault", "credentials")} WHERE Name = 'yearly'"))
            .Should().Equal(WithYear);
        (await app.Admin.Patch("/v1/credentials/yearly", new { description = "still here" })).ShouldBe(HttpStatusCode.OK);
        (await app.Admin.Post("/v1/credentials/yearly/rotate", new { trigger = "manual" })).Status
            .Should().Be(HttpStatusCode.OK, "a person may rotate it");
        (await app.Admin.Patch("/v1/credentials/yearly", new { rotation_cron = WithYear })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");

        (await app.Admin.Patch("/v1/credentials/yearly", new { rotation_cron = "0 12 1 1 *" })).ShouldBe(HttpStatusCode.OK);
        (await app.Admin.Get("/v1/rotation/schedule")).Json.GetProperty("cannot_rotate").GetRawText().Should().NotContain("yearly");
        (await app.App.Happened("yearly")).Count(e => e.Action == "credential.rotation_failed").Should().Be(1, "it is told of once");
    }
}
