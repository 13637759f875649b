using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.Vault.Providers;

/// <summary>Providers through the API: create the credential, rotate it, use the new value.</summary>
public sealed class ProvidersOverHttpTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_key_of_any_HTTP_service_is_created_and_tested_and_the_old_one_is_revoked()
    {
        var keys = new HashSet<string> { "first-value" };
        var made = 0;
        await using var service = await StandIn.Start(asked =>
        {
            lock (keys)
            {
                if (asked.Line == "POST /keys")
                {
                    var key = $"key-{++made}";
                    keys.Add(key);
                    return (201, $$"""{"id":"{{key}}","key":"{{key}}"}""");
                }

                if (asked.Line.StartsWith("DELETE", StringComparison.Ordinal))
                    return (keys.Remove(asked.Line.Split('/')[^1]) ? 204 : 404, "");
                return keys.Contains(asked.Headers["x-key"]) ? (200, "{}") : (401, "");
            }
        });
        var name = await vault.Registered("api", providerId: "first-value", config: new
        {
            create = new
            {
                url = $"{service.Url}/keys",
                secret_headers = new Dictionary<string, string> { ["x-admin"] = "adm1n-canary" },
                value_path = "$.key",
                handle_path = "$.id"
            },
            test = new { url = $"{service.Url}/me", headers = new Dictionary<string, string> { ["x-key"] = "{{value}}" } },
            revoke = new { url = $"{service.Url}/keys/{{{{handle}}}}" },
        });

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
        (await vault.Rotate(name, "emergency")).ShouldBe(HttpStatusCode.OK);
        await vault.Until(name, "done");

        var value = await vault.ValueOf(name);
        (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("healthy");
        keys.Should().Contain(value).And.NotContain("key-1", "an emergency revokes the old value at once");
        (await vault.Admin.Get($"/v1/credentials/{name}")).Text.Should().NotContain("adm1n-canary");
        vault.App.Logs.Lines.Should().NotContain(l => l.Contains("adm1n-canary") || l.Contains(value));
    }

    [Fact]
    public async Task A_rotator_of_the_customer_gets_every_step()
    {
        string? set = null;
        await using var rotator = await StandIn.Start(asked =>
        {
            var body = JsonElement.Parse(asked.Body);
            if (body.GetProperty("step").GetString() == "set") set = body.GetProperty("value").GetProperty("value").GetString();
            return body.GetProperty("step").GetString() != "test" ? (204, "")
                : (200, new JsonObject
                {
                    ["verdict"] = body.GetProperty("value").GetProperty("value").GetString() == set
                    ? "works"
                    : "refused"
                }.ToJsonString());
        });
        var name = await vault.Registered("webhook",
            config: new { url = $"{rotator.Url}/", secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", steps = new[] { "set", "test" } });

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);

        (await vault.ValueOf(name)).Should().Be(set).And.HaveLength(43);
    }

    [Fact]
    public async Task A_new_refresh_token_is_kept_although_the_access_token_fails_its_test()
    {
        var used = new HashSet<string>();
        await using var server = await StandIn.Start(asked => asked.Line.StartsWith("GET", StringComparison.Ordinal) ? (401, "")
            : used.Add(QueryHelpers.ParseQuery(asked.Body)["refresh_token"].ToString())
            ? (200, $$"""{"access_token":"at{{used.Count}}","refresh_token":"rt{{used.Count}}"}""")
            : (400, """{"error":"invalid_grant"}"""));
        var name = await vault.Registered("oauth", value: "rt0", config: new
        {
            grant = "refresh_token",
            token_url = $"{server.Url}/token",
            client_id = "app",
            auth_method = "none",
            test_url = $"{server.Url}/me",
        });

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);

        JsonElement.Parse(await vault.ValueOf(name)).GetProperty("refresh_token").GetString().Should().Be("rt2");
        used.Should().Equal("rt0", "rt1");
        var back = await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 2 });
        back.ShouldBeRefused(HttpStatusCode.Conflict, "rollback_refused")["provider_code"].Should().Be("value_used_up");
        JsonElement.Parse(await vault.ValueOf(name)).GetProperty("refresh_token").GetString().Should().Be("rt2");
    }

    [Fact]
    public async Task A_variable_of_a_file_follows_rotation_and_rollback()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(vault.EnvRoot, "cons_456")).FullName, ".env");
        await File.WriteAllTextAsync(file, "# ours\nOTHER=1\nKEY=first-value\n");
        var name = await vault.Registered("env", config: new { file = ".env", variable = "KEY" });

        (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
        (await File.ReadAllTextAsync(file)).Should().Be($"# ours\nOTHER=1\nKEY={await vault.ValueOf(name)}\n");
        (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);

        (await File.ReadAllTextAsync(file)).Should().Be("# ours\nOTHER=1\nKEY=first-value\n");
    }

    [Theory]
    [InlineData("api", """{"test":{"url":"https://169.254.169.254/","headers":{"x":"{{value}}"}}}""", "provider_config.test.url")]
    [InlineData("database", """{"engine":"postgres","host":"10.1.2.3","username":"app"}""", "provider_config.host")]
    [InlineData("oauth", """{"grant":"client_credentials","token_url":"https://192.168.0.1/t","client_id":"i","client_secret":"s"}""",
        "provider_config.token_url")]
    [InlineData("webhook", """{"url":"https://[fd00::1]/","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", "provider_config.url")]
    [InlineData("supabase", """{"project_ref":"abcdefghijklmnopqrst","test_url":"https://100.64.0.1/"}""", "provider_config.test_url")]
    [InlineData("env", """{"file":"../../etc/passwd","variable":"KEY"}""", "provider_config.file")]
    [InlineData("generated", """{"bytes":1}""", "provider_config.bytes")]
    public async Task A_configuration_with_an_internal_or_invalid_address_is_refused(string provider, string config, string member)
    {
        var answer = await vault.Admin.Post("/v1/credentials",
            new { name = $"bad-{provider}", credential_type = "api_key", provider, value = "v", provider_config = JsonNode.Parse(config) });

        answer.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed").Json.GetProperty("errors").TryGetProperty(member, out _)
            .Should().BeTrue(answer.Text);
    }

    [Fact]
    public async Task An_action_that_needs_a_missing_configuration_is_a_conflict()
    {
        var name = await vault.Registered("api");

        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_not_configured");
        (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBeRefused(HttpStatusCode.Conflict, "test_not_configured");
        (await vault.ValueOf(name)).Should().Be("first-value", "a random value must never replace a real key");
    }

    [Fact]
    public async Task Supabase_without_a_connection_needs_attention()
    {
        var name = await vault.Registered("supabase", config: new { project_ref = "abcdefghijklmnopqrst" });

        (await vault.Rotate(name)).ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention")["provider_code"]
            .Should().Be("connection_missing");
    }
}
