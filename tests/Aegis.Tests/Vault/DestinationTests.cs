namespace Aegis.Tests.Vault;

/// <summary>A caller who decides where a value is sent could have it sent to itself, so this needs the right to read the value.</summary>
public sealed class DestinationTests(N8nApp app) : IClassFixture<N8nApp>
{
    private const string Connection = "/v1/vault/connections/n8n";
    private static readonly object Generated = new { data_field = "value", generate = new { bytes = 24 } };

    [Fact]
    public async Task A_key_that_may_not_read_values_cannot_have_them_sent_to_its_own_address()
    {
        await using var tenant = await app.Connected();
        await using var elsewhere = await N8nStandIn.Start();
        var name = await tenant.Registered(tenant.N8n.Hold("Header"), "the-first-value", Generated);
        var blind = await tenant.With("secret:write", "credential:rotate", "credential:read", "credential:create", "credential:grant");
        var own = new { config = new { base_url = elsewhere.Url, api_key = N8nStandIn.Key } };

        Refused(await blind.Put(Connection, own));
        Refused(await blind.Patch(Connection, own));
        (await blind.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK);
        (await blind.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);

        elsewhere.Heard.Should().BeEmpty("the value went only to the n8n of the organization");
        (await tenant.Admin.Get(Connection))["config.base_url"].Should().Be(tenant.N8n.Url);
    }

    [Fact]
    public async Task Scopes_for_one_credential_cannot_change_a_connection_that_all_credentials_use()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(tenant.N8n.Hold("Header"), "v", Generated);
        var narrowed = await tenant.With("secret:write", $"secret:read#{name}", "credential:grant", "credential:create", "credential:read");

        Refused(await narrowed.Put(Connection, new { config = new { base_url = tenant.N8n.Url, api_key = "k" } }));
        Refused(await narrowed.Patch(Connection, new { config = new { api_key = "k" } }));
        (await narrowed.Put($"/v1/credentials/{name}/n8n-copy", new { config = new { data_field = "value" } })).ShouldBe(HttpStatusCode.OK);
        (await narrowed.Patch($"/v1/credentials/{name}", new { provider_credential_id = "another" })).ShouldBe(HttpStatusCode.OK);
        (await narrowed.Delete(Connection)).ShouldBe(HttpStatusCode.NoContent); // deleting sends nothing anywhere
    }

    [Fact]
    public async Task A_new_id_at_the_provider_needs_the_sealed_members_again()
    {
        await using var tenant = await app.Connected();
        var config = new { data_field = "value", extra = new { name = "hidden-member" } };
        var (here, there) = (tenant.N8n.Hold("Here"), tenant.N8n.Hold("There"));
        var name = await tenant.Registered(here, "v", config);
        var copied = await tenant.Registered(here, "v", provider: "generated");
        (await tenant.Admin.Put($"/v1/credentials/{copied}/n8n-copy", new { config })).ShouldBe(HttpStatusCode.OK);

        var moved = await tenant.Admin.Patch($"/v1/credentials/{name}", new { provider_credential_id = there });
        moved.ShouldBeRefused(HttpStatusCode.BadRequest, "secret_required").Text
            .Should().Contain("provider_config.extra.name").And.NotContain("hidden-member");
        (await tenant.Admin.Patch(
            $"/v1/credentials/{name}", new { provider_credential_id = there, provider_config = new { data_field = "value" } }))
            .ShouldBeRefused(HttpStatusCode.BadRequest, "secret_required");
        (await tenant.Admin.Patch($"/v1/credentials/{name}", new { provider_credential_id = there, provider_config = config })).ShouldBe(
            HttpStatusCode.OK);
        (await tenant.Admin.Patch($"/v1/credentials/{copied}", new { provider_credential_id = there })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "secret_required");
        (await tenant.Admin.Delete($"/v1/credentials/{copied}/n8n-copy")).ShouldBe(HttpStatusCode.NoContent);
        (await tenant.Admin.Patch($"/v1/credentials/{copied}", new { provider_credential_id = there })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_right_to_create_a_credential_does_not_include_where_its_value_is_sent()
    {
        await using var tenant = await app.Tenant();
        var creator = await tenant.With("credential:create", "secret:read#theirs");
        object Body(string name, object? config, string? id = null) =>
            new { name, credential_type = "api_key", provider = "supabase", provider_config = config, provider_credential_id = id };
        var config = new { project_ref = "abcdefghijklmnopqrst", test_url = "https://elsewhere.example/" };

        Refused(await creator.Post("/v1/credentials", Body("mine", config)));
        Refused(await creator.Post("/v1/credentials", Body("mine", config: null, id: "one")));
        (await creator.Post("/v1/credentials", Body("theirs", config, id: "one"))).ShouldBe(HttpStatusCode.Created);
    }

    private static void Refused(ApiResponse response) =>
        response.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be("secret:read");
}
