using System.Text.Json.Nodes;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Http;
using Aegis.Vault.Providers.OAuth;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.Vault.Providers;

public sealed class OAuthProviderTests
{
    private readonly TestClock clock = new();
    private readonly OAuthProvider provider;

    public OAuthProviderTests() => provider = new OAuthProvider(new ProviderCalls(Bench.Http()), Bench.Policy, clock);

    [Fact]
    public async Task Client_credentials_give_a_token_that_is_introspected_and_the_old_one_is_revoked()
    {
        var active = new HashSet<string>();
        await using var server = await StandIn.Start(asked => asked.Line switch
        {
            "POST /token" when active.Add($"at{active.Count + 1}") =>
                (200, $$"""{"access_token":"at{{active.Count}}","token_type":"bearer","expires_in":3600}"""),
            "POST /introspect" =>
                (200, new JsonObject
                {
                    ["active"] = active.Contains(
                    QueryHelpers.ParseQuery(asked.Body)["token"].ToString())
                }.ToJsonString()),
            "POST /revoke" when active.Remove(QueryHelpers.ParseQuery(asked.Body)["token"].ToString()) => (200, ""),
            _ => (200, ""),
        });
        var target = Bench.Credential(provider, $$"""
            {"grant":"client_credentials","token_url":"{{server.Url}}/token","client_id":"id:1","client_secret":"s p&=ä","scope":"a b",
             "introspection_url":"{{server.Url}}/introspect","revocation_url":"{{server.Url}}/revoke"}
            """);

        var first = await provider.Create(target, Bench.Order(), default);
        var second = await provider.Create(target, Bench.Order(first), default);
        await provider.Revoke(target, first, second, default);

        first.Value.Should().Be("at1");
        first.ExpiresAt.Should().BeCloseTo(clock.GetUtcNow().AddHours(1), TimeSpan.FromMinutes(1));
        (await provider.Test(target, second, default)).Should().Be(Tested.Works);
        (await provider.Test(target, first, default)).Code.Should().Be(ProviderCode.LoginRefused);
        server.Heard[0].Body.Should().Be("grant_type=client_credentials&scope=a+b");
        Encoding.ASCII.GetString(Convert.FromBase64String(server.Heard[0].Headers["authorization"][6..]))
            .Should().Be("id%3A1:s+p%26%3D%C3%A4");
    }

    [Fact]
    public async Task A_new_refresh_token_is_stored_and_without_one_the_old_stays()
    {
        var answers =
            new Queue<string>(["""{"access_token":"at1","refresh_token":"rt2","expires_in":"60"}""", """{"access_token":"at2"}"""]);
        await using var server = await StandIn.Start(_ => (200, answers.Dequeue()));
        var target = Refreshing(server);

        var first = await provider.Create(target, Bench.Order(new HeldValue("rt1")), default);
        var second = await provider.Create(target, Bench.Order(first), default);

        JsonElement.Parse(first.Value).GetProperty("refresh_token").GetString().Should().Be("rt2");
        JsonElement.Parse(second.Value).GetProperty("refresh_token").GetString().Should().Be("rt2");
        JsonElement.Parse(second.Value).GetProperty("access_token").GetString().Should().Be("at2");
        server.Heard.Select(h => QueryHelpers.ParseQuery(h.Body)["refresh_token"].ToString()).Should().Equal("rt1", "rt2");
        QueryHelpers.ParseQuery(server.Heard[0].Body)["client_secret"].ToString().Should().Be("s3cret");
        provider.UsesUpCurrent(target.Config).Should().BeTrue();
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant"}""", 3, "grant_refused")]
    [InlineData(401, """{"error":"invalid_client"}""", 3, "access_refused")]
    [InlineData(400, """{"error":"invalid_scope","error_description":"rt1"}""", 3, "answer_unexpected")]
    [InlineData(400, "<html>", 3, "answer_unexpected")]
    [InlineData(429, "", 1, "target_busy")]
    [InlineData(500, "", 2, "target_failing")]
    [InlineData(200, "{}", 2, "answer_unexpected")]
    public async Task Each_refusal_maps_to_what_may_have_happened_to_the_refresh_token(int status, string body, int fault, string code)
    {
        await using var server = await StandIn.Start(_ => (status, body));

        var failure = await Bench.Failure(() => provider.Create(Refreshing(server), Bench.Order(new HeldValue("rt1")), default));

        (failure.Fault, failure.Code).Should().Be(((ProviderFault)fault, code));
        failure.ToString().Should().NotContain("rt1").And.NotContain("s3cret");
    }

    [Fact]
    public async Task A_lost_answer_to_a_refresh_is_in_doubt()
    {
        await using var server = await StandIn.Start((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        (await Bench.Failure(() => provider.Create(Refreshing(server), Bench.Order(new HeldValue("rt1")), default))).Fault
            .Should().Be(ProviderFault.InDoubt);
        (await Bench.Failure(() => provider.Create(Refreshing(server), Bench.Order(), default))).Code
            .Should().Be(ProviderCode.CurrentMissing);
    }

    [Theory]
    [InlineData("""{"grant":"client_credentials","token_url":"https://a.example/t","client_id":"i"}""", "client_secret")]
    [InlineData("""{"grant":"client_credentials","token_url":"https://a.example/t","client_id":"i","auth_method":"none"}""", "auth_method")]
    [InlineData(
        """{"grant":"refresh_token","token_url":"https://a.example/t","client_id":"i","auth_method":"none","value_format":"access_token"}""", "value_format")]
    [InlineData(
        """{"grant":"refresh_token","token_url":"https://a.example/t","client_id":"i","auth_method":"none","revocation_url":"https://a.example/r"}""", "revocation_url")]
    [InlineData("""{"grant":"refresh_token","token_url":"a.example","client_id":"i","auth_method":"none"}""", "token_url")]
    [InlineData("""{"grant":"password","token_url":"https://a.example/t","client_id":"i","client_secret":"s"}""", "grant")]
    public void An_invalid_configuration_is_refused_with_the_name_of_the_member(string config, string member) =>
        Bench.Objections(provider, config).Should().ContainKey($"provider_config.{member}");

    private Target Refreshing(StandIn server) => Bench.Credential(
        provider,
        $$"""{"grant":"refresh_token","token_url":"{{server.Url}}/token","client_id":"app","client_secret":"s3cret","auth_method":"client_secret_post"}""");
}
