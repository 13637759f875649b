using System.Text.Json.Nodes;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.N8n;
using Microsoft.AspNetCore.Http;

namespace Aegis.Tests.Vault.N8n;

public sealed class N8nProviderTests(N8nApp app) : IClassFixture<N8nApp>
{
    private static readonly N8nClient Client = new(new N8nCalls(Bench.Http()));
    private static readonly N8nProvider Provider = new(Client, new N8nListing(Client, TimeProvider.System), Bench.Policy);
    private static readonly object Generated = new
    {
        data_field = "value",
        prefix = "Bearer ",
        extra = new { name = "Authorization" },
        generate = new { bytes = 24, alphabet = "hex" }
    };

    [Fact]
    public async Task A_rotation_sets_the_new_value_in_n8n_and_keeps_the_other_data()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header", data: """{"name":"X-Old","value":"Bearer first","kept":"yes"}""");
        var name = await tenant.Registered(id, "first", Generated);

        var rotated = (await Rotate(tenant, name)).ShouldBe(HttpStatusCode.OK);

        (rotated["status"], rotated["new_version"]).Should().Be(("rotated", "2"));
        var value = (await tenant.Admin.Get($"/v1/credentials/{name}/value"))["value"]!;
        value.Should().MatchRegex("^[0-9a-f]{48}$");
        tenant.N8n.Credential(id).Data.ToJsonString().Should().Be($$"""{"name":"Authorization","value":"Bearer {{value}}","kept":"yes"}""");
        (await tenant.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
        tenant.N8n.Credential(id).Data["value"]!.GetValue<string>().Should().Be("Bearer first");
        app.Auth.App.Logs.Lines.Should().NotContain(l => l.Contains(value) || l.Contains(N8nStandIn.Key));
    }

    [Fact]
    public async Task A_value_is_set_again_when_the_answer_was_lost()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        var name = await tenant.Registered(id, "first", Generated);
        var lost = 0;
        tenant.N8n.Before = (context, asked) =>
        {
            if (!asked.Line.StartsWith("PATCH", StringComparison.Ordinal) || lost++ > 0) return Task.FromResult(false);
            context.Abort();
            return Task.FromResult(true);
        };

        (await Rotate(tenant, name)).ShouldBe(HttpStatusCode.Accepted);
        for (var i = 0; i < 200 && (await tenant.Admin.Get($"/v1/credentials/{name}"))["version"] != "2"; i++)
        {
            app.Auth.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(50);
        }

        var value = (await tenant.Admin.Get($"/v1/credentials/{name}/value"))["value"];
        tenant.N8n.Credential(id).Data["value"]!.GetValue<string>().Should().Be($"Bearer {value}");
    }

    [Fact]
    public async Task Only_a_credential_with_generate_is_rotated()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(tenant.N8n.Hold("Header"), "first", new { data_field = "value" });

        (await Rotate(tenant, name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_not_configured");
    }

    [Theory]
    [InlineData("credential_not_in_n8n")]
    [InlineData("n8n_version_unsupported")]
    [InlineData("data_rejected")]
    [InlineData("access_refused")]
    [InlineData("connection_missing")]
    public async Task A_lasting_failure_is_named(string code)
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        if (code == "credential_not_in_n8n") tenant.N8n.Forget(id);
        if (code == "n8n_version_unsupported") tenant.N8n.Lacks["PATCH /api/v1/credentials/"] = 405;
        if (code == "data_rejected") tenant.N8n.Required["httpHeaderAuth"] = "url";
        if (code == "access_refused") await tenant.Connect(key: "wrong");
        if (code == "connection_missing") await tenant.Admin.Delete("/v1/vault/connections/n8n");
        var name = await tenant.Registered(id, "first", Generated);

        (await Rotate(tenant, name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention")["provider_code"]
            .Should().Be(code);

        (await tenant.Admin.Get($"/v1/credentials/{name}/value"))["value"].Should().Be("first");
    }

    [Fact]
    public async Task A_test_shows_whether_n8n_has_the_credential()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Header");
        var name = await tenant.Registered(id, "first", new { data_field = "value" });

        var there = (await tenant.Admin.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK);
        (there["status"], there["details.authenticated"]).Should().Be(("healthy", null), "no login by the value was tried");
        tenant.N8n.Forget(id);
        app.Auth.Clock.Advance(TimeSpan.FromSeconds(5));

        var gone = (await tenant.Admin.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK);
        (gone["status"], gone["details.authenticated"]).Should().Be(("unhealthy", null));
    }

    [Fact]
    public async Task Testing_many_credentials_reads_the_list_once()
    {
        await using var n8n = await N8nStandIn.Start();
        var targets = Enumerable.Range(0, 50).Select(i => Target(n8n, n8n.Hold($"Header {i}"), "{}")).ToList();

        var tested = await Task.WhenAll(targets.Select(t => Provider.Test(t, new HeldValue("x"), default)));

        tested.Should().AllSatisfy(t => t.Verdict.Should().Be(Verdict.Works));
        n8n.Heard.Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"prefix":"Bearer "}""", "provider_config.data_field")]
    [InlineData("""{"data_field":"a.b"}""", "provider_config.data_field")]
    [InlineData("""{"data_field":"value","prefix":"={{"}""", "provider_config.prefix")]
    [InlineData("""{"data_field":"value","extra":{"value":"x"}}""", "provider_config.extra")]
    [InlineData("""{"data_field":"value","generate":{"bytes":1}}""", "provider_config.generate.bytes")]
    public void An_invalid_configuration_is_refused(string config, string path) =>
        Bench.Objections(Provider, config).Should().ContainKey(path);

    [Fact]
    public async Task A_value_that_n8n_would_treat_as_a_formula_is_not_sent()
    {
        await using var n8n = await N8nStandIn.Start();
        var target = Target(n8n, n8n.Hold("Header"), """{"data_field":"value"}""");

        var failure = await Bench.Failure(() => Provider.Set(target, new HeldValue("={{ $env.HOME }}"), null, default));

        (failure.Fault, failure.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.ValueUnsupported));
        n8n.Heard.Should().BeEmpty();
    }

    [Theory]
    [InlineData(429, "Unreachable", ProviderCode.TargetBusy)]
    [InlineData(500, "InDoubt", ProviderCode.TargetFailing)]
    [InlineData(503, "InDoubt", ProviderCode.TargetFailing)]
    [InlineData(401, "Misconfigured", ProviderCode.AccessRefused)]
    [InlineData(403, "Misconfigured", ProviderCode.PermissionMissing)]
    [InlineData(404, "Misconfigured", N8nCode.VersionUnsupported)]
    [InlineData(418, "Misconfigured", ProviderCode.AnswerUnexpected)]
    public async Task Each_status_maps_to_what_may_have_happened(int status, string fault, string code)
    {
        await using var n8n = await N8nStandIn.Start();
        var target = Target(n8n, n8n.Hold("Header"), """{"data_field":"value"}""");
        n8n.Lacks["PATCH"] = status;

        var failure = await Bench.Failure(() => Provider.Set(target, new HeldValue("canary-value"), null, default));

        ($"{failure.Fault}", failure.Code).Should().Be((fault, code));
        failure.Message.Should().NotContain("canary-value").And.NotContain(N8nStandIn.Key).And.NotContain("not found");
    }

    [Fact]
    public async Task A_test_against_an_unreachable_n8n_is_unknown()
    {
        await using var n8n = await N8nStandIn.Start();
        var target = Target(n8n, n8n.Hold("Header"), """{"data_field":"value"}""");
        n8n.Lacks["GET"] = 500;

        (await Provider.Test(target, new HeldValue("x"), default)).Verdict.Should().Be(Verdict.Unknown);
    }

    [Fact]
    public async Task A_credential_without_data_field_or_id_is_not_set()
    {
        await using var n8n = await N8nStandIn.Start();

        (await Bench.Failure(() => Provider.Set(Target(n8n, "x", "{}"), new HeldValue("v"), null, default))).Code
            .Should().Be("data_field_missing");
        (await Bench.Failure(() => Provider.Set(Target(n8n, null, """{"data_field":"value"}"""), new HeldValue("v"), null, default))).Code
            .Should().Be("provider_credential_id_missing");
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_would_change_the_path_is_never_called(string id)
    {
        await using var n8n = await N8nStandIn.Start(); // a row of an earlier release may have such an id

        var failure =
            await Bench.Failure(() => Provider.Set(Target(n8n, id, """{"data_field":"value"}"""), new HeldValue("canary"), null, default));

        (failure.Fault, failure.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.ValueUnsupported));
        n8n.Heard.Should().BeEmpty();
    }

    [Fact]
    public void The_address_gets_the_default_path_only_when_it_has_none()
    {
        static string Base(string url) => N8nAccess.From("o", new JsonObject { ["base_url"] = url, ["api_key"] = "k" }).BaseUrl;

        Base("https://n8n.example.org").Should().Be("https://n8n.example.org/api/v1");
        Base("https://n8n.example.org:8443/").Should().Be("https://n8n.example.org:8443/api/v1");
        Base("https://example.org/n8n/api/v1/").Should().Be("https://example.org/n8n/api/v1");
    }

    private static Task<ApiResponse> Rotate(Tenant tenant, string name) =>
        tenant.Admin.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" });

    private static Target Target(N8nStandIn n8n, string? id, string config) =>
        Bench.Credential(Provider, config,
            $$"""{"base_url":"{{n8n.Url}}","api_key":"{{N8nStandIn.Key}}"}""") with
        { ProviderCredentialId = id };
}
