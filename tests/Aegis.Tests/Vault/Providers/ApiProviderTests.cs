using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Api;
using Aegis.Vault.Providers.Http;

namespace Aegis.Tests.Vault.Providers;

public sealed class ApiProviderTests
{
    private static readonly ApiProvider Provider = new(new ProviderCalls(Bench.Http()), Bench.Policy);

    [Fact]
    public async Task A_key_is_created_and_tested_and_the_old_one_is_revoked()
    {
        var keys = new Dictionary<string, string> { ["k1"] = "old" };
        await using var service = await StandIn.Start(asked =>
        {
            if (asked.Line.StartsWith("POST", StringComparison.Ordinal))
            {
                keys["k/2"] = "fresh \"quoted\"";
                return (201, """{"data":[{"id":"k/2","secret":"fresh \"quoted\"","until":"2027-01-01T00:00:00Z"}]}""");
            }

            if (asked.Line.StartsWith("DELETE", StringComparison.Ordinal))
                return (keys.Remove(Uri.UnescapeDataString(asked.Line.Split('/')[^1])) ? 204 : 404, "");
            return keys.ContainsValue(asked.Headers.GetValueOrDefault("authorization", "")[7..])
                ? (200, """{"quota":{"left":95.7}}""")
                : (401, "");
        });
        var target = Bench.Credential(Provider, Keys(service), name: "the \"credential\"");
        var old = new HeldValue("old", "k1");

        var value = await Provider.Create(target, Bench.Order(old), default);
        var tested = await Provider.Test(target, value, default);
        await Provider.Revoke(target, old, value, default);
        await Provider.Revoke(target, old, value, default); // already revoked

        (value.Value, value.Handle, value.ExpiresAt)
            .Should().Be(("fresh \"quoted\"", "k/2", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        tested.Should().Be(Tested.Works with { QuotaRemaining = 95 });
        (await Provider.Test(target, old, default))
            .Should().BeEquivalentTo(new { Verdict = Verdict.Refused, Code = ProviderCode.LoginRefused });
        await Provider.Revoke(target, value, value, default);
        service.Heard[^1].Line.Should().Be("DELETE /keys/k%2F2", "text in a URL is escaped");
        service.Heard[0].Body.Should().Be("""{"name":"the \u0022credential\u0022","mark":"aegis-rot_01jd3v9qzk-1"}""");
        JsonDocument.Parse(service.Heard[0].Body).RootElement.GetProperty("name").GetString().Should().Be("the \"credential\"");
        service.Heard[0].Headers["x-admin"].Should().Be("adm1n");
    }

    [Fact]
    public async Task A_key_of_an_interrupted_create_is_found_by_its_mark_and_revoked()
    {
        await using var service = await StandIn.Start(asked => asked.Line.StartsWith("GET", StringComparison.Ordinal)
            ? (200,
                """{"items":[{"id":1,"mark":"aegis-rot_01jd3v9qzk-1"},{"id":2,"mark":"aegis-rot_01jd3v9qzk-2"},{"id":3,"mark":"aegis-rot_other-1"},{"id":4}]}""")
            : (204, ""));
        var target = Bench.Credential(Provider, Keys(service));

        await Provider.RemoveOrphans(target, "rot_01jd3v9qzk", keep: "2", default);

        service.Heard.Select(h => h.Line).Should().Equal("GET /keys?limit=100", "DELETE /keys/1");
    }

    [Fact]
    public async Task A_generated_value_is_sent_to_the_provider_as_a_form()
    {
        await using var service = await StandIn.Start(_ => (200, ""));
        var target = Bench.Credential(Provider, $$$$"""
            {"generate":true,"alphabet":"hex","bytes":16,"set":{"url":"{{{{service.Url}}}}/password","headers":{"Content-Type":"application/x-www-form-urlencoded"},"body":"new={{value}}&old={{current}}"}}
            """);

        var value = await Provider.Create(target, Bench.Order(), default);
        await Provider.Set(target, value, new HeldValue("a&b=c d"), default);

        value.Value.Should().MatchRegex("^[0-9a-f]{32}$");
        service.Heard.Single().Should().BeEquivalentTo(new { Line = "PUT /password", Body = $"new={value.Value}&old=a%26b%3Dc%20d" });
    }

    [Theory]
    [InlineData(422, 0, "value_rejected")]
    [InlineData(400, 0, "value_rejected")]
    [InlineData(401, 3, "access_refused")]
    [InlineData(404, 3, "answer_unexpected")]
    [InlineData(302, 3, "answer_unexpected")]
    [InlineData(429, 1, "target_busy")]
    [InlineData(500, 2, "target_failing")]
    [InlineData(503, 2, "target_failing")]
    [InlineData(501, 3, "answer_unexpected")]
    public async Task Each_status_maps_to_what_may_have_happened_without_quoting_the_answer(int status, int fault, string code)
    {
        await using var service = await StandIn.Start(_ => (status, """{"error":"bad value n3w-value"}"""));
        var target =
            Bench.Credential(Provider, $$$$"""{"generate":true,"set":{"url":"{{{{service.Url}}}}/k","body":"{\"v\":\"{{value}}\"}" } }""");

        var failure = await Bench.Failure(() => Provider.Set(target, new HeldValue("n3w-value"), null, default));

        (failure.Fault, failure.Code).Should().Be(((ProviderFault)fault, code));
        failure.ToString().Should().NotContain("n3w-value");
    }

    [Fact]
    public async Task A_lost_answer_is_in_doubt_and_a_closed_port_is_not()
    {
        await using var service = await StandIn.Start((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        var target = Bench.Credential(
            Provider,
            $$$$"""{"generate":true,"set":{"url":"{{{{service.Url}}}}/k","body":"{{value}}"},"test":{"url":"{{{{service.Url}}}}/","headers":{"x":"{{value}}"}}}""");

        (await Bench.Failure(() => Provider.Set(target, new HeldValue("v"), null, default)))
            .Should().BeEquivalentTo(new { Fault = ProviderFault.InDoubt, Code = ProviderCode.AnswerLost });
        (await Provider.Test(target, new HeldValue("v"), default))
            .Should().BeEquivalentTo(new { Verdict = Verdict.Unknown, Code = ProviderCode.Unreachable });
        await service.DisposeAsync();
        (await Bench.Failure(() => Provider.Set(target, new HeldValue("v"), null, default)))
            .Should().BeEquivalentTo(new { Fault = ProviderFault.Unreachable, Code = ProviderCode.Unreachable });
    }

    [Fact]
    public async Task The_remaining_rate_limit_is_read_from_the_usual_headers()
    {
        var header = ("x-ratelimit-remaining", "9500");
        await using var service = await StandIn.Start((context, _) =>
        {
            context.Response.Headers[header.Item1] = header.Item2;
            return Task.CompletedTask;
        });
        var target = Bench.Credential(
            Provider, $$$$"""{"test":{"url":"{{{{service.Url}}}}/","secret_headers":{"Authorization":"Bearer {{value}}"}}}""");

        (await Provider.Test(target, new HeldValue("v"), default)).RateLimitRemaining.Should().Be(9500);
        header = ("RateLimit", "\"default\";r=50;t=30");
        (await Provider.Test(target, new HeldValue("v"), default)).RateLimitRemaining.Should().Be(50);
        header = ("x-ratelimit-remaining", "soon");
        (await Provider.Test(target, new HeldValue("v"), default)).Should().Be(Tested.Works);
    }

    [Theory]
    [InlineData("""{"key":7}""", "value_path")]
    [InlineData("""{"other":"x"}""", "value_path")]
    [InlineData("not json", "JSON")]
    [InlineData("""{"key":"\ud800"}""", "JSON")]
    [InlineData("""{"key":"v","id":1,"more":[{"\udc00":1}]}""", "JSON")]
    [InlineData("""{"key":"v","id":{}}""", "handle_path")]
    [InlineData("""{"key":"v","id":1,"until":"whenever"}""", "expires_at_path")]
    public async Task An_answer_without_the_value_is_reported_and_not_quoted(string body, string named)
    {
        await using var service = await StandIn.Start(_ => (200, body));
        var target = Bench.Credential(Provider,
            $$"""{"create":{"url":"{{service.Url}}/k","value_path":"$.key","handle_path":"$.id","expires_at_path":"$.until"} }""");

        var failure = await Bench.Failure(() => Provider.Create(target, Bench.Order(), default));

        (failure.Fault, failure.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected));
        failure.Message.Should().Contain(named);
    }

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("schlüssel")]
    public async Task A_value_with_characters_that_headers_forbid_is_not_sent(string value)
    {
        await using var service = await StandIn.Start(_ => (200, ""));
        var target = Bench.Credential(Provider, $$$$"""{"test":{"url":"{{{{service.Url}}}}/","headers":{"x-key":"{{value}}"}}}""");

        (await Provider.Test(target, new HeldValue(value), default)).Code.Should().Be(ProviderCode.ValueUnsupported);

        service.Heard.Should().BeEmpty();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_handle_that_would_change_the_path_is_not_sent(string handle)
    {
        await using var service = await StandIn.Start(_ => (200, ""));
        var target = Bench.Credential(Provider, Keys(service));

        (await Bench.Failure(() => Provider.Revoke(target, new HeldValue("v", handle), new HeldValue("w"), default))).Code
            .Should().Be(ProviderCode.ValueUnsupported);
        (await Bench.Failure(() => Provider.Revoke(target, new HeldValue("v"), new HeldValue("w"), default))).Code
            .Should().Be(ProviderCode.HandleMissing);

        service.Heard.Should().BeEmpty();
    }

    private static string Keys(StandIn service) => $$$$"""
        {
          "create": { "url": "{{{{service.Url}}}}/keys", "secret_headers": { "X-Admin": "adm1n" }, "body": "{\"name\":\"{{name}}\",\"mark\":\"{{mark}}\"}",
            "value_path": "$.data[0].secret", "handle_path": "$.data[0].id", "expires_at_path": "$.data[0].until" },
          "test": { "url": "{{{{service.Url}}}}/me", "secret_headers": { "Authorization": "Bearer {{value}}" }, "quota_path": "$.quota.left" },
          "revoke": { "url": "{{{{service.Url}}}}/keys/{{handle}}", "secret_headers": { "X-Admin": "adm1n" } },
          "list": { "url": "{{{{service.Url}}}}/keys?limit=100", "secret_headers": { "X-Admin": "adm1n" }, "items_path": "$.items", "handle_path": "$.id", "mark_path": "$.mark" }
        }
        """;
}
