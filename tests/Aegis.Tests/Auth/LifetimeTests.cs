using Aegis.Auth.Access.Keys;
using Aegis.Auth.Access.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aegis.Tests.Auth;

/// <summary>The lifetimes of tokens and keys. Each test moves the clock of one app.</summary>
public sealed class LifetimeTests : IAsyncLifetime
{
    private const string Session = "/v1/auth/session";
    private readonly AuthApp auth = new();

    public Task InitializeAsync() => auth.InitializeAsync();

    public Task DisposeAsync() => auth.DisposeAsync();

    [Fact]
    public async Task A_token_works_to_its_last_second_and_no_longer()
    {
        var key = await auth.Key();
        var known = await auth.Token(key);
        var fresh = await auth.Token(key);
        (await auth.WithToken(known).Get(Session)).ShouldBe(HttpStatusCode.OK);

        auth.Clock.Advance(TimeSpan.FromSeconds(880));
        (await auth.WithToken(known).Get(Session)).ShouldBe(HttpStatusCode.OK);

        auth.Clock.Advance(TimeSpan.FromSeconds(20));
        (await auth.WithToken(known).Get(Session)).ShouldBeRefused(HttpStatusCode.Unauthorized, "token_expired");
        (await auth.WithToken(fresh).Get(Session)).ShouldBeRefused(HttpStatusCode.Unauthorized, "token_expired");
    }

    [Fact]
    public async Task An_expired_key_stops_working_immediately()
    {
        var key = await auth.Key(lifetime: TimeSpan.FromDays(7));
        auth.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(30));
        (await auth.With(key).Get(Session)).ShouldBe(HttpStatusCode.OK);

        auth.Clock.Advance(TimeSpan.FromSeconds(30));

        (await auth.With(key).Get(Session)).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_expired");
        (await auth.Anonymous.With("X-Api-Key", key.Text)
            .Post("/v1/auth/token")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_expired");
    }

    [Fact]
    public async Task After_90_days_a_new_key_signs_and_the_old_one_is_published_until_its_tokens_expire()
    {
        var key = await auth.Key();
        var first = await auth.Token(key);
        auth.Clock.Advance(SigningKey.SigningPeriod - TimeSpan.FromSeconds(60));
        var last = await auth.Token(key);

        auth.Clock.Advance(TimeSpan.FromSeconds(60));
        var next = await auth.Token(key);

        Kid(last).Should().Be(Kid(first));
        Kid(next).Should().NotBe(Kid(first));
        (await Published()).Should().Equal(Kid(next), Kid(last));
        (await auth.WithToken(last).Get(Session)).ShouldBe(HttpStatusCode.OK);

        auth.Clock.Advance(TimeSpan.FromSeconds(900));
        (await Published()).Should().Equal(Kid(next));
    }

    [Fact]
    public async Task Two_hosts_sign_with_one_key_and_trust_each_other()
    {
        var other = await auth.App.StartAnotherHost();
        try
        {
            for (var period = 0; period < 12; period++) // often enough that both create the same key at least once
            {
                var both = await Task.WhenAll(
                    Task.Run(() => auth.App.Services.GetRequiredService<SigningKeys>().Current(CancellationToken.None).AsTask()),
                    Task.Run(() => other.Services.GetRequiredService<SigningKeys>().Current(CancellationToken.None).AsTask()));

                both[0].Key.KeyId.Should().Be(both[1].Key.KeyId);
                (await Published()).Should().Equal(both[0].Key.KeyId);
                auth.Clock.Advance(SigningKey.SigningPeriod + TimeSpan.FromSeconds(900));
            }
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Another_host_accepts_the_token_and_sees_the_revocation()
    {
        var app = await AegisApp.Start(("PublicUrl", "http://aegis.test"));
        await app.Use<Aegis.Contracts.Sandbox.ISandboxIdentity>(s => s.Seed(CancellationToken.None));
        var keys = await app.Use<Aegis.Contracts.Sandbox.ISandboxIdentity, IReadOnlyDictionary<string, string>>(s =>
            s.IssueKeys(CancellationToken.None));
        var token = (await app.Anonymous.With("X-Api-Key", keys["consumer"]).Post("/v1/auth/token"))["access_token"]!;
        var other = await app.StartAnotherHost();
        try
        {
            (await new ApiClient(other.NewHttp(), token).Get(Session)).ShouldBe(HttpStatusCode.OK);
            new JsonWebToken(token).Issuer.Should().Be("http://aegis.test/realms/aegis-system");

            await app.Use<Aegis.Contracts.Sandbox.ISandboxIdentity>(s => s.IssueKeys(CancellationToken.None));
            (await new ApiClient(other.NewHttp(), token).Get(Session)).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
        }
        finally
        {
            await other.DisposeAsync();
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_test_key_is_refused_outside_the_sandbox()
    {
        var app = await AegisApp.Start(("Sandbox:Enabled", "false"));
        try
        {
            var response = await new ApiClient(app.NewHttp(), KeyText.Draw(isTest: true).Text).Get(Session);

            response.ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_test");
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    private async Task<IEnumerable<string>> Published() =>
        (await auth.Anonymous.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray()
            .Select(k => k.GetProperty("kid").GetString()!);

    private static string Kid(string token) => new JsonWebToken(token).Kid;
}
