using Aegis.Contracts.Identity;
using Aegis.Vault;
using Aegis.Vault.Persistence;
using Aegis.Vault.Restoring;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Vault;

/// <summary>Restoring a credential that was retired by mistake, and what remains after the restore time.</summary>
public sealed class RestoreTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_restored_credential_has_its_value_and_its_rotation_is_off()
    {
        var name = await vault.Registered(value: "kept", rotation: 720);
        (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK);
        await Retire(name);
        var total = (await vault.Admin.Get("/v1/credentials"))["total"];

        var restored = (await Restore(name)).ShouldBe(HttpStatusCode.OK);

        (restored["status"], restored["credential_name"], restored["version"]).Should().Be(("active", name, "1"));
        (await vault.ValueOf(name)).Should().Be("kept");
        var details = await vault.Admin.Get($"/v1/credentials/{name}");
        (details["rotation_enabled"], details["rotation_interval_hours"], details["next_rotation_at"]).Should().Be(("False", "720", null));
        var list = await vault.Admin.Get("/v1/credentials");
        int.Parse(list["total"]!, System.Globalization.CultureInfo.InvariantCulture)
            .Should().Be(int.Parse(total!, System.Globalization.CultureInfo.InvariantCulture) + 1);
        (await vault.Admin.Get($"/v1/audit/log?credential_name={name}&action=restored")).Json.GetProperty("log").GetArrayLength()
            .Should().Be(1);
        (await Restore(name)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_not_retired");
    }

    [Fact]
    public async Task A_value_that_was_found_by_a_leak_search_is_not_restored()
    {
        var name = await vault.Registered(value: "was-found-in-a-repository");
        (await vault.Admin.Post("/v1/credentials/search-leak", new { value = "was-found-in-a-repository" })).ShouldBe(HttpStatusCode.OK);
        await Retire(name);

        (await Restore(name)).ShouldBeRefused(HttpStatusCode.Conflict, "value_leaked");
        (await Restore(name, "was-found-in-a-repository")).ShouldBeRefused(HttpStatusCode.Conflict, "value_leaked");

        (await vault.Admin.Get($"/v1/credentials/{name}/value")).ShouldBeRefused(HttpStatusCode.Conflict, "credential_retired");
        (await Restore(name, "a-fresh-one")).ShouldBe(HttpStatusCode.OK)["version"].Should().Be("2");
        (await vault.ValueOf(name)).Should().Be("a-fresh-one");
    }

    [Fact]
    public async Task A_value_whose_emergency_rotation_failed_is_not_restored()
    {
        var name = await vault.Registered("standin", value: "of-an-emergency");
        vault.Target.Fail(name, "create", Failure.Forbids);
        (await vault.Rotate(name, "emergency")).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention");
        await Retire(name);

        (await Restore(name)).ShouldBeRefused(HttpStatusCode.Conflict, "value_leaked");
    }

    [Fact]
    public async Task Restoring_needs_secret_read_and_for_a_new_value_secret_write()
    {
        var name = await vault.Registered();
        await Retire(name);
        var deleter = await vault.With(Scopes.CredentialDelete);
        var reader = await vault.With(Scopes.CredentialDelete, Scopes.SecretRead);

        (await deleter.Post($"/v1/credentials/{name}/restore")).ShouldBeRefused(
            HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be("secret:read");
        (await reader.Post($"/v1/credentials/{name}/restore", new { value = "v" })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "missing_scope")
            ["required_permission"].Should().Be("secret:write");
        (await (await vault.Of("cons_789")).Post($"/v1/credentials/{name}/restore")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await Restore(name, "")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        var outdated = new HttpRequestMessage(HttpMethod.Post, $"/v1/credentials/{name}/restore") { Headers = { { "If-Match", "\"1\"" } } };
        (await vault.Admin.Send(outdated)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await reader.Post($"/v1/credentials/{name}/restore")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_the_restore_time_values_are_destroyed_and_a_leak_is_still_recognized()
    {
        var (early, name, other) =
            (await vault.Registered(value: "in-time"), await vault.Registered(value: "long-gone"), await vault.Registered(value: "in-use"));
        await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = "long-gone-too" });
        await Retire(early);
        await Retire(name);
        vault.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(1)); // the clock also runs while the test works
        await vault.App.Run<DestroyRetiredJob>();
        (await Restore(early)).ShouldBe(HttpStatusCode.OK);
        vault.Clock.Advance(TimeSpan.FromHours(1));

        (await Restore(name)).ShouldBeRefused(HttpStatusCode.Conflict, "restore_too_late");
        await vault.App.Run<DestroyRetiredJob>();
        await vault.App.Run<DestroyRetiredJob>();

        (await Restore(name, "new")).ShouldBeRefused(HttpStatusCode.Conflict, "restore_too_late");
        (await vault.Admin.Post("/v1/credentials", new { name, credential_type = "a", provider = "env" })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "credential_exists");
        var found = (await vault.Admin.Post("/v1/credentials/search-leak", new { value = "long-gone" })).ShouldBe(HttpStatusCode.OK);
        found.Json.GetProperty("matches")[0].GetProperty("credential").GetString().Should().Be(name);
        (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("version_history").GetArrayLength().Should().Be(2);
        (await vault.ValueOf(other)).Should().Be("in-use");
        (await vault.ValueOf(early)).Should().Be("in-time");
        await vault.App.Use<VaultDb>(async db =>
        {
            var id = await db.Credentials.Where(c => c.Name == name).Select(c => c.Id).SingleAsync();
            (await db.Versions.Where(v => v.CredentialId == id).AllAsync(v => v.SealedValue == null && v.KekId == null)).Should().BeTrue();
            (await db.Versions.CountAsync(v => v.CredentialId == id && v.SealedValue == null)).Should().Be(2);
        });
    }

    [Fact]
    public async Task A_value_is_not_destroyed_before_it_is_revoked_at_its_provider()
    {
        var name = await vault.Registered("standin", config: new { keeps = true, password = "hidden" }, overlap: 43_200);
        await vault.Rotate(name);
        await Retire(name);
        var late = vault.Clock.GetUtcNow().AddDays(40); // as if the provider had been unreachable
        var id = await vault.App.Use<VaultDb, string>(db => db.Credentials.Where(c => c.Name == name).Select(c => c.Id).SingleAsync());
        await vault.App.Use<VaultDb>(db => db.Rotations.Where(r => r.CredentialId == id)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.DueAt, late)));
        vault.Clock.Advance(TimeSpan.FromDays(31));

        await vault.App.Run<DestroyRetiredJob>();

        (await Destroyed(id)).Should().BeFalse();
        vault.Clock.Advance(TimeSpan.FromDays(10));
        await vault.Until(name, "done");
        await vault.App.Run<DestroyRetiredJob>();
        (await Destroyed(id)).Should().BeTrue();
        vault.Target.LetsIn(name, "first-value").Should().BeFalse("it was revoked at the provider");
    }

    private Task<bool> Destroyed(string id) =>
        vault.App.Use<VaultDb, bool>(db =>
            db.Credentials.AnyAsync(c => c.Id == id && c.ValuesDestroyedAt != null && c.SealedConfig == null));

    [Theory]
    [InlineData("0")]
    [InlineData("3651")]
    public void An_invalid_number_of_restore_days_stops_the_start(string days)
    {
        var start = () => VaultOptions.From(
            new ConfigurationBuilder().AddInMemoryCollection([new("Vault:RestoreDays", days)]).Build(), AppContext.BaseDirectory);

        start.Should().Throw<Aegis.Kernel.StartRefusedException>().WithMessage("*Vault:RestoreDays*");
    }

    private async Task Retire(string name) => (await vault.Admin.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);

    private Task<ApiResponse> Restore(string name, string? value = null) =>
        value is null
            ? vault.Admin.Post($"/v1/credentials/{name}/restore")
            : vault.Admin.Post($"/v1/credentials/{name}/restore", new { value });
}
