using Aegis.Sdk;
using Aegis.Sdk.Authentication;
using Aegis.Sdk.Failures;

namespace Aegis.Tests.Sdk;

public sealed class TokenTests(AegisApp app) : IClassFixture<AegisApp>
{
    private const string Exchange = "/v1/auth/token";

    [Fact]
    public async Task Fifty_concurrent_calls_exchange_the_key_once()
    {
        var between = new CallInterceptor(_ => (HttpResponseMessage?)null);
        using var client = app.Client("consumer", between);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.Identity.GetSessionAsync()));

        between.Count(Exchange).Should().Be(1);
    }

    [Fact]
    public async Task A_token_is_replaced_a_minute_before_its_expiry()
    {
        var (between, clock) = (new CallInterceptor(_ => (HttpResponseMessage?)null), new TestClock());
        using var client = app.Client("consumer", between, clock);
        await client.Identity.GetSessionAsync();

        clock.Advance(TimeSpan.FromSeconds(780));
        await client.Identity.GetSessionAsync();
        between.Count(Exchange).Should().Be(1);
        clock.Advance(TimeSpan.FromSeconds(60));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Identity.GetSessionAsync()));

        between.Count(Exchange).Should().Be(2);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_and_the_call_is_repeated_once()
    {
        var refusals = 0;
        var between = new CallInterceptor(r => r.RequestUri!.AbsolutePath != Exchange && Interlocked.Increment(ref refusals) == 1
            ? Problem(HttpStatusCode.Unauthorized, "token_expired")
            : null);
        using var client = app.Client("consumer", between);

        var session = await client.Identity.GetSessionAsync();

        session.Organization.Should().Be("cons_456");
        between.Count(Exchange).Should().Be(2);
    }

    [Fact]
    public async Task A_call_refused_twice_is_not_sent_a_third_time()
    {
        var between = new CallInterceptor(r => r.RequestUri!.AbsolutePath != Exchange
            ? Problem(HttpStatusCode.Unauthorized, "token_invalid")
            : null);
        using var client = app.Client("consumer", between);

        var call = () => client.Identity.GetSessionAsync();

        (await call.Should().ThrowAsync<AegisUnauthenticatedException>()).Which.Code.Should().Be("token_invalid");
        between.Count("/v1/auth/session").Should().Be(2);
    }

    [Fact]
    public async Task A_revoked_key_is_reported_as_revoked_and_not_tried_again()
    {
        using var owner = app.Client("operator");
        var made = await owner.Keys.CreateAsync(new CreateKeyOf("revoked").ReadOnly);
        await owner.Keys.RevokeAsync(made.Id);
        using var client = new AegisClient(app.BaseAddress, made.Key);

        var call = () => client.Identity.GetSessionAsync();

        (await call.Should().ThrowAsync<AegisUnauthenticatedException>()).Which.Code.Should().Be("api_key_revoked");
    }

    [Fact]
    public async Task A_fixed_token_is_sent_unchanged()
    {
        using var client =
            new AegisClient(new AegisClientOptions { BaseAddress = app.BaseAddress, Tokens = TokenSource.Fixed(app.Key("provider")) });

        (await client.Identity.GetSessionAsync()).Organization.Should().Be("prov_123");
    }

    [Fact]
    public void No_printed_object_shows_a_secret()
    {
        var options = new AegisClientOptions { ApiKey = "aegis_secret", Tokens = TokenSource.Fixed("token_secret") };

        $"{options}{options.Tokens}{new Aegis.Sdk.Vault.CredentialValue("n", 1, "secret")}{new Aegis.Sdk.Identity.NewApiKey("i", "n", "secret", [], null)}"
            .Should().NotContain("secret");
    }

    internal static HttpResponseMessage Problem(HttpStatusCode status, string code, string detail = "No.") => new(status)
    {
        Content = new StringContent(
            $$"""{"type":"about:blank","title":"T","status":{{(int)status}},"detail":"{{detail}}","code":"{{code}}","traceId":"t-1"}""",
            null, "application/problem+json"),
    };

    private sealed record CreateKeyOf(string Name)
    {
        public Aegis.Sdk.Identity.CreateKey ReadOnly => new(Name, "7d") { Preset = "read-only" };
    }
}
