using Aegis.Vault.Persistence;

namespace Aegis.Tests.Vault.N8n;

public sealed class ConnectionTests(N8nApp app) : IClassFixture<N8nApp>
{
    private const string Path = "/v1/vault/connections/n8n";

    [Fact]
    public async Task A_connection_is_set_and_shown_without_its_secret()
    {
        await using var tenant = await app.Tenant();

        var set = (await tenant.Connect()).ShouldBe(HttpStatusCode.OK);
        var shown = (await tenant.Admin.Get(Path)).ShouldBe(HttpStatusCode.OK);

        (shown["kind"], shown["config.base_url"], shown["secret_members"]).Should().Be(("n8n", tenant.N8n.Url, """["api_key"]"""));
        set.Headers.ETag.Should().Be(shown.Headers.ETag).And.NotBeNull();
        (set.Text + shown.Text).Should().NotContain(N8nStandIn.Key);
        (await app.Auth.App.Use<VaultDb, string>(db => db.Connections.Where(c => c.OrganizationId == tenant.Organization)
            .Select(c => c.Config).SingleAsync()))
            .Should().NotContain("api_key");
        app.Auth.App.Logs.Lines.Should().NotContain(l => l.Contains(N8nStandIn.Key));
    }

    [Fact]
    public async Task Kinds_are_listed_with_what_is_set()
    {
        await using var tenant = await app.Tenant();

        Kinds(await tenant.Admin.Get("/v1/vault/connections")).Should().Contain("n8n False");
        await tenant.Connect();

        Kinds(await tenant.Admin.Get("/v1/vault/connections")).Should().Contain("n8n True");
    }

    [Fact]
    public async Task Another_organization_does_not_see_the_connection()
    {
        await using var tenant = await app.Connected();
        await using var stranger = await app.Tenant();

        (await stranger.Admin.Get(Path)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await stranger.Admin.Delete(Path)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await stranger.Connect()).ShouldBe(HttpStatusCode.OK);
        (await tenant.Admin.Get(Path))["config.base_url"].Should().Be(tenant.N8n.Url);
    }

    [Fact]
    public async Task Reading_and_writing_need_scopes_and_unknown_kinds_are_not_found()
    {
        await using var tenant = await app.Connected();
        var reader = await tenant.With("credential:read");
        var writer = await tenant.With("secret:write", "secret:read");
        var half = await tenant.With("secret:write");
        var body = new { config = new { base_url = tenant.N8n.Url, api_key = "k" } };

        (await reader.Get(Path)).ShouldBe(HttpStatusCode.OK);
        (await reader.Put(Path, body)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await reader.Delete(Path)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await writer.Get(Path)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await half.Put(Path, body)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await half.Patch(Path, body)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await writer.Put(Path, body)).ShouldBe(HttpStatusCode.OK);
        (await half.Delete(Path)).ShouldBe(HttpStatusCode.NoContent);
        (await tenant.Admin.Get("/v1/vault/connections/fax")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.Put("/v1/vault/connections/fax", body)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("""{"base_url":"https://10.0.0.1","api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":"https://169.254.169.254/","api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":"https://user:word@n8n.example.org","api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":"https://n8n.example.org/?x=1","api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":"file:///etc/passwd","api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":"no address","api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":7,"api_key":"k"}""", "config.base_url")]
    [InlineData("""{"base_url":"https://n8n.example.org","api_key":"two\nlines"}""", "config.api_key")]
    [InlineData("""{"base_url":"https://n8n.example.org"}""", "config.api_key")]
    [InlineData("""{"base_url":"https://n8n.example.org","api_key":"k","apikey":"k"}""", "config.apikey")]
    public async Task Invalid_settings_are_refused_with_their_path(string config, string path)
    {
        await using var tenant = await app.Tenant();

        var refused = (await tenant.Admin.Put(Path, $$"""{"config":{{config}}}"""))
            .ShouldBeRefused(HttpStatusCode.BadRequest, path == "config.apikey" ? "unknown_member" : "validation_failed");

        refused.Json.GetProperty("errors").TryGetProperty(path, out _).Should().BeTrue(refused.Text);
        (refused["error"], refused["message"]).Should().Be(("bad_request", refused["detail"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"config":null}""")]
    [InlineData("""{"config":[]}""")]
    [InlineData("""{"config":{"base_url":"https://n8n.example.org","base_url":"https://other.example.org","api_key":"k"}}""")]
    public async Task An_invalid_body_is_refused(string body)
    {
        await using var tenant = await app.Tenant();

        (await tenant.Admin.Put(Path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task An_outdated_change_is_refused()
    {
        await using var tenant = await app.Connected();
        var read = (await tenant.Admin.Get(Path)).Headers.ETag!.ToString();
        var body = new { config = new { base_url = tenant.N8n.Url, api_key = N8nStandIn.Key } };

        (await tenant.Admin.With("If-Match", read).Put(Path, body)).ShouldBe(HttpStatusCode.OK);

        (await tenant.Admin.With("If-Match", read).Put(Path, body)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await tenant.Admin.With("If-Match", read).Delete(Path)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
    }

    [Fact]
    public async Task After_a_removal_calls_that_need_the_connection_are_refused()
    {
        await using var tenant = await app.Connected();

        (await tenant.Admin.Delete(Path)).ShouldBe(HttpStatusCode.NoContent);

        (await tenant.Admin.Get(Path)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.Delete(Path)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.With("If-Match", "\"1\"").Put(Path, new { config = new { base_url = tenant.N8n.Url, api_key = "k" } }))
            .ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await tenant.Admin.Post("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.Conflict, "connection_missing");
        (await tenant.Connect()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Providers_and_kinds_are_described_by_their_schemas()
    {
        await using var tenant = await app.Tenant();

        var answer = (await tenant.Admin.Get("/v1/vault/providers")).ShouldBe(HttpStatusCode.OK).Json;

        var n8n = answer.GetProperty("providers").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "n8n");
        n8n.GetProperty("connection").GetString().Should().Be("n8n");
        n8n.GetProperty("rotates_without_config").GetBoolean().Should().BeFalse();
        n8n.GetProperty("provider_config").GetProperty("properties").GetProperty("extra").GetProperty("writeOnly").GetBoolean()
            .Should().BeTrue();
        answer.GetProperty("providers").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "generated")
            .GetProperty("rotates_without_config").GetBoolean().Should().BeTrue();
        var kind = answer.GetProperty("connections").EnumerateArray().Single(k => k.GetProperty("kind").GetString() == "n8n");
        kind.GetProperty("config").GetProperty("required").ToString().Should().Be("""["base_url","api_key"]""");
    }

    private static IEnumerable<string> Kinds(ApiResponse list) =>
        list.ShouldBe(HttpStatusCode.OK).Json.GetProperty("connections").EnumerateArray()
        .Select(c => $"{c.GetProperty("kind").GetString()} {c.GetProperty("is_set").GetBoolean()}");
}
