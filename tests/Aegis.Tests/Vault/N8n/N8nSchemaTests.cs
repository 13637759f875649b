using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Aegis.Tests.Vault.N8n;

/// <summary>
/// n8n checks only the data that is sent, by the type's schema. Members that it requires are filled where that does no harm, and named
/// otherwise.
/// </summary>
public sealed class N8nSchemaTests(N8nApp app) : IClassFixture<N8nApp>
{
    private const string Postgres = """{"host":"db","user":"app","password":"old","ssl":"require","sshTunnel":false}""";

    [Theory]
    [InlineData("openAiApi", "apiKey", "header", "{}")]
    [InlineData("anthropicApi", "apiKey", "header", "{}")]
    [InlineData("redis", "password", "disableTlsVerification", "{}")]
    [InlineData("smtp", "password", "disableStartTls", "{}")]
    [InlineData("aws", "secretAccessKey", "temporaryCredentials customEndpoints", "{}")]
    [InlineData("postgres", "password", "sshTunnel", """{"ssl":"require"}""")]
    [InlineData("postgres", "password", "", """{"ssl":"require","sshTunnel":false}""")]
    [InlineData("mySql", "password", "sshTunnel", """{"ssl":false}""")]
    [InlineData("mongoDb", "password", "", """{"configurationType":"values","host":"h","user":"u","port":27017,"tls":false}""")]
    public async Task A_copy_is_accepted_and_its_filled_members_are_reported(string type, string field, string filled, string extra)
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("One", type, """{"kept":"yes"}""");

        var copy = await Copy(tenant, id, field, extra);

        copy["error_message"].Should().BeNull();
        copy.Json.GetProperty("filled_members").EnumerateArray().Select(m => m.GetString())
            .Should().Equal(filled.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var data = tenant.N8n.Credential(id).Data;
        (data[field]!.GetValue<string>(), data["kept"]!.GetValue<string>()).Should().Be(("the-value", "yes"));
        foreach (var member in filled.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            data[member]!.ToJsonString().Should().Be("false", member);
    }

    [Theory]
    [InlineData("postgres", "password", "Add to extra, with the values that n8n has: ssl (allow, disable, require).")]
    [InlineData("mySql", "password", "Add to extra, with the values that n8n has: ssl (true or false).")]
    [InlineData("mongoDb", "password",
        "Add to extra, with the values that n8n has: configurationType (connectionString, values); host; user; port; tls (true or false).")]
    [InlineData("openAiApi", "headerValue", "apiKey")]
    [InlineData("openAiApi", "password", "It has no member password")]
    public async Task A_member_that_only_a_person_can_know_is_named_and_nothing_is_sent(string type, string field, string sentence)
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("One", type, Postgres);

        var copy = await Copy(tenant, id, field, "{}");

        (copy["error_code"], copy["due_at"]).Should().Be(("data_rejected", null));
        copy["error_message"].Should().Contain(sentence);
        tenant.N8n.Credential(id).Data.ToJsonString().Should().Be(Postgres);
    }

    [Fact]
    public async Task A_rotation_names_missing_members_too()
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(
            tenant.N8n.Hold("Database", "postgres", Postgres), "old", new { data_field = "password", generate = new { bytes = 24 } });

        var refused = (await tenant.Admin.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" })).ShouldBeRefused(
            HttpStatusCode.Conflict, "rotation_needs_attention");

        (refused["provider_code"], refused["provider_message"]!.Contains("ssl (allow, disable, require)"))
            .Should().Be(("data_rejected", true));
    }

    [Theory]
    [InlineData("too long")]
    [InlineData("too deep")]
    [InlineData("$ref")]
    [InlineData("pattern")]
    [InlineData("not json")]
    [InlineData("absent")]
    public async Task A_schema_that_Aegis_does_not_read_leaves_the_refusal_unchanged(string what)
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("One", "openAiApi", "{}");
        var elsewhere = 0;
        tenant.N8n.Before = async (context, asked) =>
        {
            if (asked.Line.Contains("/elsewhere")) elsewhere++;
            if (!asked.Line.Contains("/credentials/schema/")) return false;
            context.Response.StatusCode = what == "absent" ? 404 : 200;
            await context.Response.WriteAsync(Schema(what, tenant.N8n.Url));
            return true;
        };

        var copy = await Copy(tenant, id, "apiKey", "{}");

        copy["error_code"].Should().Be("data_rejected");
        copy["error_message"].Should().Contain("Check data_field");
        elsewhere.Should().Be(0, "a $ref is not followed");
        tenant.N8n.Credential(id).Data.Should().BeEmpty();
    }

    [Fact]
    public async Task A_schema_is_read_only_when_n8n_refuses()
    {
        await using var tenant = await app.Connected();

        await Copy(tenant, tenant.N8n.Hold("One", "redis", "{}"), "password", """{"disableTlsVerification":false}""");

        tenant.N8n.Heard.Should().NotContain(h => h.Line.Contains("schema"));
    }

    private static string Schema(string what, string url) => what switch
    {
        "too long" => N8nSchemas.ByType["openAiApi"].ToJsonString() + new string(' ', 256 * 1024),
        "too deep" => $$$"""{"properties":{"apiKey":{{{Deep(20)}}}}}""",
        "$ref" => $$$"""{"properties":{"apiKey":{"$ref":"{{{url}}}/elsewhere"}},"allOf":[{"$ref":"{{{url}}}/elsewhere"}]}""",
        "pattern" =>
            """{"properties":{"apiKey":{"type":"string"}},"allOf":[{"if":{"properties":{"apiKey":{"pattern":"^(a+)+$"}}},"then":{"required":["header"]}}]}""",
        _ => "no schema",
    };

    private static string Deep(int levels) =>
        new StringBuilder().Insert(0, """{"a":""", levels).Append("{}").Append('}', levels).ToString();

    private static async Task<ApiResponse> Copy(Tenant tenant, string id, string field, string extra)
    {
        var path = $"/v1/credentials/{await tenant.Registered(id, "the-value", provider: "generated")}/n8n-copy";
        var config = new JsonObject { ["data_field"] = field, ["extra"] = JsonNode.Parse(extra) };
        (await tenant.Admin.Put(path, new JsonObject { ["config"] = config }.ToJsonString())).ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 300; i++)
        {
            var copy = (await tenant.Admin.Get(path)).ShouldBe(HttpStatusCode.OK);
            if (copy["sent_version"] == "1" || copy["error_code"] is not null) return copy;
            await Task.Delay(50);
        }

        throw new TimeoutException("The copy was neither sent nor refused.");
    }
}
