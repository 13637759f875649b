using Aegis.Vault.Sync;
using Microsoft.AspNetCore.Http;

namespace Aegis.Tests.Vault.N8n;

public sealed class ScanTests(N8nApp app) : IClassFixture<N8nApp>
{
    private const string Secret = "sk-proj-4bCd/eF+gH:iJ=KlMn_Op==";

    [Fact]
    public async Task Hard_coded_values_are_found_with_their_path_and_never_returned()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(null, Secret, provider: "generated");
        await tenant.Admin.Put($"/v1/credentials/{name}/value", new { value = "the-second-value" });
        var workflow = tenant.N8n.Draw($$$"""
            [{"id":"1","name":"Clean","type":"t","position":[0,0],"parameters":{"a":"nothing","n":7,"b":null}},
             {"id":"2","name":"Header","type":"t","position":[0,0],"parameters":{"headers":[{"name":"Authorization","value":"=Bearer {{{Secret}}}"}]}},
             {"id":"3","name":"Code","type":"t","position":[0,0],"parameters":{"js code":"const key = \"the-second-value\"; fetch(url)"}}]
            """, more: $$$"""{"pinData":{"Start":[{"json":{"k":"{{{Secret}}}"}}]}}""");

        var found = (await tenant.Admin.Post("/v1/sync/n8n/scan")).ShouldBe(HttpStatusCode.OK);

        found["complete"].Should().Be("True");
        Matches(found).Should().Equal(
            $"{name} 1 False {workflow} Header $.nodes[1].parameters.headers[0].value",
            $"{name} 2 True {workflow} Code $.nodes[2].parameters[*]",
            $"{name} 1 False {workflow}  $.pinData.Start[0].json.k");
        found.Text.Should().NotContain(Secret).And.NotContain("the-second-value");
        app.Auth.App.Logs.Lines.Should().NotContain(l => l.Contains(Secret));
    }

    [Fact]
    public async Task Values_of_other_organizations_and_short_values_are_not_searched()
    {
        await using var tenant = await app.Connected();
        await using var stranger = await app.Connected();
        await stranger.Registered(null, Secret, provider: "generated");
        await tenant.Registered(null, "seven77", provider: "generated");
        tenant.N8n.Draw($$$"""[{"name":"N","type":"t","parameters":{"a":"{{{Secret}}}","b":"seven77"}}]""");

        Matches(await tenant.Admin.Post("/v1/sync/n8n/scan")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_scan_of_many_workflows_continues_with_a_cursor()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(null, Secret, provider: "generated");
        for (var i = 0; i < 510; i++) tenant.N8n.Draw("[]");
        tenant.N8n.Draw($$$"""[{"name":"N","type":"t","parameters":{"a":"{{{Secret}}}"}}]""");

        var first = (await tenant.Admin.Post("/v1/sync/n8n/scan")).ShouldBe(HttpStatusCode.OK);
        var rest = (await tenant.Admin.Post($"/v1/sync/n8n/scan?cursor={Uri.EscapeDataString(first["next_cursor"]!)}")).ShouldBe(
            HttpStatusCode.OK);

        (first["complete"], first["workflows"], rest["complete"], rest["workflows"], rest["next_cursor"])
            .Should().Be(("False", "500", "True", "11", null));
        Matches(first).Concat(Matches(rest)).Should().ContainSingle().Which.Should().StartWith($"{name} 1 True");
    }

    [Fact]
    public async Task A_scan_needs_its_scope_and_a_valid_cursor()
    {
        await using var tenant = await app.Connected();

        (await (await tenant.With("credential:read")).Post("/v1/sync/n8n/scan")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await (await tenant.With("secret:list")).Post("/v1/sync/n8n/scan")).ShouldBe(HttpStatusCode.OK);
        (await tenant.Admin.Post("/v1/sync/n8n/scan?cursor=a%20b")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        tenant.N8n.Lacks["GET /api/v1/workflows"] = 405;
        (await tenant.Admin.Post("/v1/sync/n8n/scan")).ShouldBeRefused(HttpStatusCode.Conflict, "n8n_version_unsupported");
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_and_deep_data_hide_no_value()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(null, Secret, provider: "generated");
        var (deep, end) = (string.Concat(Enumerable.Repeat("[", 100)), string.Concat(Enumerable.Repeat("]", 100)));
        tenant.N8n.Before = async (context, asked) =>
        {
            await context.Response.WriteAsync(
                $$$"""{"data":[{"id":"w1","nodes":[{"name":"\ud83d","parameters":{"a\ud83d":"\udc00","b":{{{deep}}}"{{{Secret}}}"{{{end}}}}}]}],"nextCursor":"\ud83d"}""");
            return true;
        };

        Matches(await tenant.Admin.Post("/v1/sync/n8n/scan")).Should().ContainSingle().Which
            .Should().StartWith($"{name} 1 True w1  $.nodes[0].parameters.b[0]");
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData("  " + Secret + "\n")]
    [InlineData("Bearer " + Secret)]
    [InlineData("=" + Secret)]
    [InlineData("={{ '" + Secret + "' }}")]
    [InlineData("{\"key\":\"" + Secret + "\"}")]
    [InlineData("curl -H 'X-Key: " + Secret + "' https://api.example.org")]
    [InlineData("https://api.example.org/?a=1&key=sk-proj-4bCd%2FeF%2BgH%3AiJ%3DKlMn_Op%3D%3D&b=2")]
    [InlineData("(" + Secret + "),")]
    [InlineData("key=" + Secret + ";")]
    public void A_value_is_found_within_surrounding_text(string text) => LeakCandidates.Of(text).Should().Contain(Secret);

    [Fact]
    public void A_password_in_a_URL_is_found() =>
        LeakCandidates.Of("postgres://user:p4ssw0rd9@db.example.org:5432/x").Should().Contain("p4ssw0rd9");

    private static List<string> Matches(ApiResponse found) =>
        [.. found.ShouldBe(HttpStatusCode.OK).Json.GetProperty("matches").EnumerateArray()
        .Select(m =>
            $"{m.GetProperty("credential").GetString()} {m.GetProperty("version").GetInt32()} {m.GetProperty("is_current").GetBoolean()} "
                + $"{m.GetProperty("workflow_id").GetString()} {m.GetProperty("node").GetString()} {m.GetProperty("path").GetString()}")];
}
