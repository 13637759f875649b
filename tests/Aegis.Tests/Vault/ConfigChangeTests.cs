namespace Aegis.Tests.Vault;

/// <summary>What PUT replaces, what PATCH changes, and which sealed members stay.</summary>
public sealed class ConfigChangeTests(N8nApp app) : IClassFixture<N8nApp>
{
    private const string Connection = "/v1/vault/connections/n8n";
    private const string Supabase = "/v1/vault/connections/supabase";

    [Fact]
    public async Task PUT_replaces_all_of_extra_and_keeps_it_when_it_is_left_out()
    {
        await using var tenant = await app.Connected();
        var copy = await Copy(tenant, """{"data_field":"value","extra":{"one":"1","two":{"deep":[2]}}}""");

        (await tenant.Admin.Put(copy, """{"config":{"data_field":"value"}}"""))["secret_members"]
            .Should().Be("""["extra.one","extra.two"]""");
        (await tenant.Admin.Put(copy, """{"config":{"data_field":"value","extra":{"two":true}}}"""))["secret_members"]
            .Should().Be("""["extra.two"]""");
        (await tenant.Admin.Put(copy, """{"config":{"data_field":"value","extra":{"two":true,"gone":null}}}"""))["secret_members"]
            .Should().Be("""["extra.two"]""");
        (await tenant.Admin.Put(copy, """{"config":{"data_field":"other"}}""")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "secret_required")
            .Json.GetProperty("errors").TryGetProperty("config.extra.two", out _).Should().BeTrue();
        (await tenant.Admin.Put(copy, """{"config":{"data_field":"other","extra":{}}}"""))["secret_members"].Should().Be("[]");
    }

    [Fact]
    public async Task PATCH_merges_members_and_null_removes_one()
    {
        await using var tenant = await app.Connected();
        var copy = await Copy(tenant, """{"data_field":"value","prefix":"Bearer ","extra":{"one":"1","two":"2"}}""");

        (await tenant.Admin.Patch(copy, """{"config":{"extra":{"one":null,"two":"2","three":3}}}"""))["secret_members"]
            .Should().Be("""["extra.three","extra.two"]""");
        (await tenant.Admin.Patch(copy, """{"config":{"extra":{"two":"2b","three":3}}}"""))["config"]
            .Should().Be("""{"data_field":"value","prefix":"Bearer "}""");
        (await tenant.Admin.Patch(copy, """{"config":{"prefix":null,"extra":{"two":"2"}}}""")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "secret_required")
            .Text.Should().Contain("config.extra.three").And.NotContain("config.extra.two");
        (await tenant.Admin.Patch(copy, """{"config":{"prefix":null,"extra":null}}"""))["config"].Should().Be("""{"data_field":"value"}""");
        (await tenant.Admin.Patch(copy, """{"config":{"data_field":null}}""")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await tenant.Admin.Patch(copy, """{"config":{"nope":1}}""")).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member");
        (await tenant.Admin.Patch(copy, """{"config":{"nope":null}}""")).ShouldBe(HttpStatusCode.OK);
        (await tenant.Admin.With("If-Match", "\"99\"")
            .Patch(copy, """{"config":{}}""")).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        await tenant.Admin.Delete(copy);
        (await tenant.Admin.Patch(copy, """{"config":{"data_field":"value"}}""")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    /// <summary>All of extra is sealed, and one of its members may be the address that the others are sent to.</summary>
    [Theory]
    [InlineData("""{"config":{"extra":{"host":"elsewhere"}}}""")]
    [InlineData("""{"config":{"extra":{"new_host":"elsewhere"}}}""")]
    [InlineData("""{"config":{"data_field":"user","extra":{"host":"elsewhere","sslPassword":null,"o":{"u":"elsewhere"}}}}""")]
    [InlineData("""{"config":{"extra":{"o":{"u":"elsewhere"}}}}""")]
    public async Task A_member_of_extra_changes_only_if_the_others_are_sent_again(string change)
    {
        await using var tenant = await app.Connected();
        var copy =
            await Copy(tenant, """{"data_field":"password","extra":{"host":"good","sslPassword":"s","o":{"k":"deep","u":"good"}}}""");
        var before = tenant.N8n.Heard.Count;

        var refused = await tenant.Admin.Patch(copy, change);

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "secret_required").Json.GetProperty("errors")
            .TryGetProperty("config.extra.o.k", out _).Should().BeTrue();
        tenant.N8n.Heard.Skip(before).Should().NotContain(h => h.Body.Contains("elsewhere", StringComparison.Ordinal));
        (await tenant.Admin.Patch(copy, """{"config":{"extra":{"sslPassword":null}}}""")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PATCH_of_a_connection_follows_the_same_rules()
    {
        await using var tenant = await app.Tenant();
        (await tenant.Admin.Patch(Supabase, """{"config":{"access_token":"t"}}""")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await tenant.Admin.Put(Supabase, """{"config":{"access_token":"t","base_url":"https://one.example"}}""")).ShouldBe(
            HttpStatusCode.OK);

        (await tenant.Admin.Patch(Supabase, """{"config":{"base_url":null}}""")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "secret_required")
            .Json.GetProperty("errors").TryGetProperty("config.access_token", out _).Should().BeTrue();
        (await tenant.Admin.Patch(Supabase, """{"config":{"access_token":"t2"}}"""))["config"]
            .Should().Be("""{"base_url":"https://one.example"}""");
        (await tenant.Admin.Patch(Supabase, """{"config":{"base_url":null,"access_token":"t3"}}"""))["config"].Should().Be("{}");
        (await tenant.Admin.Patch(Supabase, """{"config":{"access_token":null}}""")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await tenant.Admin.Patch(Supabase, "{}")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await tenant.Admin.Patch("/v1/vault/connections/fax", """{"config":{}}""")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task The_key_of_a_connection_stays_until_the_address_changes()
    {
        await using var tenant = await app.Connected();
        await using var elsewhere = await N8nStandIn.Start();

        (await tenant.Admin.Put(Connection, new { config = new { base_url = tenant.N8n.Url } })).ShouldBe(HttpStatusCode.OK);
        (await tenant.Admin.Post("/v1/sync/n8n?dryRun=true")).ShouldBe(HttpStatusCode.OK);
        foreach (var refused in new[]
                 {
                     await tenant.Admin.Put(Connection, new { config = new { base_url = elsewhere.Url } }),
                     await tenant.Admin.Patch(Connection, new { config = new { base_url = elsewhere.Url } }),
                 })
        {
            refused.ShouldBeRefused(HttpStatusCode.BadRequest, "secret_required")
                .Json.GetProperty("errors").TryGetProperty("config.api_key", out _)
                .Should().BeTrue("a key must not go where its owner did not send it");
        }

        (await tenant.Admin.Patch(Connection, new { config = new { base_url = elsewhere.Url, api_key = "another" } })).ShouldBe(
            HttpStatusCode.OK);
        await tenant.Admin.Post("/v1/sync/n8n?dryRun=true");
        elsewhere.Heard.Should().ContainSingle().Which.Headers["x-n8n-api-key"].Should().Be("another");
    }

    private static async Task<string> Copy(Tenant tenant, string config)
    {
        var path = $"/v1/credentials/{await tenant.Registered(tenant.N8n.Hold("Header"), "the-value", provider: "generated")}/n8n-copy";
        (await tenant.Admin.Put(path, $$"""{"config":{{config}}}""")).ShouldBe(HttpStatusCode.OK);
        return path;
    }
}
