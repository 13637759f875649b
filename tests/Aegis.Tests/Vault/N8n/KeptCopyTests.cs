namespace Aegis.Tests.Vault.N8n;

public sealed class KeptCopyTests(N8nApp app) : IClassFixture<N8nApp>
{
    private static readonly object Place =
        new { config = new { data_field = "value", prefix = "Bearer ", extra = new { name = "Authorization" } } };

    [Fact]
    public async Task A_copy_follows_each_change_of_the_value()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header", data: """{"name":"X-Old","value":"old","kept":"yes"}""");
        var name = await tenant.Registered(id, "the-first-value", provider: "generated");

        var kept = (await tenant.Admin.Put($"/v1/credentials/{name}/n8n-copy", Place)).ShouldBe(HttpStatusCode.OK);

        (kept["config"], kept["secret_members"], kept["sent_version"])
            .Should().Be(("""{"data_field":"value","prefix":"Bearer "}""", """["extra.name"]""", null));
        await Until(tenant, name, version: "1");
        tenant.N8n.Credential(id).Data.ToJsonString()
            .Should().Be("""{"name":"Authorization","value":"Bearer the-first-value","kept":"yes"}""");
        (await tenant.Admin.Put($"/v1/credentials/{name}/value", new { value = "set-by-hand" })).ShouldBe(HttpStatusCode.OK);
        await Until(tenant, name, version: "2");
        ValueOf(tenant, id).Should().Be("Bearer set-by-hand");
        (await tenant.Admin.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK);
        await Until(tenant, name, version: "3");
        ValueOf(tenant, id).Should().Be($"Bearer {(await tenant.Admin.Get($"/v1/credentials/{name}/value"))["value"]}");
        (await tenant.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
        await Until(tenant, name, version: "1");
        ValueOf(tenant, id).Should().Be("Bearer the-first-value");
        app.Auth.App.Logs.Lines.Should().NotContain(l => l.Contains("the-first-value") || l.Contains("set-by-hand"));
    }

    [Fact]
    public async Task A_restored_credential_no_longer_keeps_a_copy()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        var name = await tenant.Registered(id, "the-value", provider: "generated");
        (await tenant.Admin.Put($"/v1/credentials/{name}/n8n-copy", Place)).ShouldBe(HttpStatusCode.OK);
        await Until(tenant, name, version: "1");
        (await tenant.Admin.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);

        (await tenant.Admin.Post($"/v1/credentials/{name}/restore", new { value = "another" })).ShouldBe(HttpStatusCode.OK);

        (await tenant.Admin.Get($"/v1/credentials/{name}/n8n-copy")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        ValueOf(tenant, id).Should().Be("Bearer the-value");
    }

    [Fact]
    public async Task An_unreachable_n8n_gets_the_value_once_it_is_back()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        var name = await tenant.Registered(id, "the-value", provider: "generated");
        tenant.N8n.Lacks["PATCH"] = 503;

        await tenant.Admin.Put($"/v1/credentials/{name}/n8n-copy", Place);
        var waiting = await Until(tenant, name, error: "target_failing");
        tenant.N8n.Lacks.Clear();
        app.Auth.Clock.Advance(TimeSpan.FromMinutes(15));

        waiting["due_at"].Should().NotBeNull();
        (await Until(tenant, name, version: "1"))["error_code"].Should().BeNull();
        ValueOf(tenant, id).Should().Be("Bearer the-value");
    }

    [Theory]
    [InlineData("credential_not_in_n8n")]
    [InlineData("connection_missing")]
    [InlineData("data_rejected")]
    public async Task After_a_lasting_failure_nothing_is_sent_until_the_value_changes(string code)
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        var name = await tenant.Registered(id, "the-value", provider: "generated");
        if (code == "credential_not_in_n8n") tenant.N8n.Forget(id);
        if (code == "connection_missing") await tenant.Admin.Delete("/v1/vault/connections/n8n");
        if (code == "data_rejected") tenant.N8n.Required["httpHeaderAuth"] = "url";

        await tenant.Admin.Put($"/v1/credentials/{name}/n8n-copy", Place);

        (await Until(tenant, name, error: code))["due_at"].Should().BeNull();
        var audited = await tenant.Admin.Get("/v1/audit?action=credential.copy_failed");
        audited.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Should().Contain(e => e.ToString().Contains(code));
    }

    [Fact]
    public async Task An_n8n_that_hangs_does_not_delay_other_organizations()
    {
        await using var slow = await app.Connected();
        await using var tenant = await app.Connected();
        var release = new TaskCompletionSource();
        slow.N8n.Before = async (_, _) =>
        {
            await release.Task;
            return false;
        };
        var stuck = await slow.Registered(slow.N8n.Hold("Header"), "the-value", provider: "generated");
        var name = await tenant.Registered(tenant.N8n.Hold("Header"), "the-value", provider: "generated");

        await slow.Admin.Put($"/v1/credentials/{stuck}/n8n-copy", Place);
        await tenant.Admin.Put($"/v1/credentials/{name}/n8n-copy", Place);

        await Until(tenant, name, version: "1");
        (await slow.Admin.Get($"/v1/credentials/{stuck}/n8n-copy"))["sent_version"].Should().BeNull();
        release.SetResult();
        await Until(slow, stuck, version: "1");
    }

    [Fact]
    public async Task A_copy_that_is_no_longer_kept_is_not_sent()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        var name = await tenant.Registered(id, "the-value", provider: "generated");
        await tenant.Admin.Put($"/v1/credentials/{name}/n8n-copy", Place);
        await Until(tenant, name, version: "1");

        (await tenant.Admin.Delete($"/v1/credentials/{name}/n8n-copy")).ShouldBe(HttpStatusCode.NoContent);
        await tenant.Admin.Put($"/v1/credentials/{name}/value", new { value = "another" });
        await Task.Delay(1500); // longer than the sender's period

        ValueOf(tenant, id).Should().Be("Bearer the-value");
        (await tenant.Admin.Get($"/v1/credentials/{name}/n8n-copy")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.Delete($"/v1/credentials/{name}/n8n-copy")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Keeping_a_copy_needs_scopes_and_an_id_in_n8n()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(tenant.N8n.Hold("Header"), "the-value", provider: "generated");
        var path = $"/v1/credentials/{name}/n8n-copy";

        (await (await tenant.With("credential:read")).Put(path, Place)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await (await tenant.With("credential:grant")).Put(path, Place)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await (await tenant.With("credential:grant", "secret:read#other")).Put(path, Place)).ShouldBeRefused(
            HttpStatusCode.Forbidden, "missing_scope");
        (await (await tenant.With("credential:grant")).Get(path)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        await using var stranger = await app.Tenant();
        (await stranger.Admin.Put(path, Place)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.Put(path, new { config = new { prefix = "x" } })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed")
            .Json.GetProperty("errors").TryGetProperty("config.data_field", out _).Should().BeTrue();
        (await tenant.Admin.Put(path, new { config = new { data_field = "a", handle_field = "a" } })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await tenant.Admin.Put($"/v1/credentials/{await tenant.Registered(null, "v", provider: "generated")}/n8n-copy", Place))
            .ShouldBeRefused(HttpStatusCode.Conflict, "provider_credential_id_missing");
        (await tenant.Admin.With("If-Match", "\"1\"")
            .Put(path, Place)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await tenant.Admin.Put(path, Place)).ShouldBe(HttpStatusCode.OK);
        (await tenant.Admin.With("If-Match", "\"99\"")
            .Put(path, Place)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        await tenant.Admin.Delete($"/v1/credentials/{name}");
        (await tenant.Admin.Put(path, Place)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_retired");
    }

    private static string ValueOf(Tenant tenant, string id) => tenant.N8n.Credential(id).Data["value"]!.GetValue<string>();

    private static async Task<ApiResponse> Until(Tenant tenant, string name, string? version = null, string? error = null)
    {
        for (var i = 0; i < 300; i++)
        {
            var copy = (await tenant.Admin.Get($"/v1/credentials/{name}/n8n-copy")).ShouldBe(HttpStatusCode.OK);
            if (version is not null && copy["sent_version"] == version && copy["version"] == version && copy["due_at"] is null) return copy;
            if (error is not null && copy["error_code"] == error) return copy;
            await Task.Delay(50);
        }

        throw new TimeoutException(
            $"The copy of {name} did not come that far: {(await tenant.Admin.Get($"/v1/credentials/{name}/n8n-copy")).Text}");
    }
}
