using Aegis.Auth.Access.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aegis.Tests.Auth;

/// <summary>Signing keys rotate without a failed request. In an emergency the old keys are no longer trusted.</summary>
public sealed class SigningKeyTests : IAsyncLifetime
{
    private const string Rotate = "/v1/auth/signing-keys/rotate";

    private readonly AuthApp auth = new();

    public Task InitializeAsync() => auth.InitializeAsync();

    public Task DisposeAsync() => auth.DisposeAsync();

    [Fact]
    public async Task The_next_key_is_published_before_it_signs()
    {
        var key = await auth.Key();
        var before = await auth.Token(key);

        var next = (await auth.App.As("admin").Post(Rotate, new { })).ShouldBe(HttpStatusCode.OK);
        (await auth.App.As("admin").Post(Rotate, new { })).Id.Should().Be(next.Id, "a key is about to take over already");

        (await Published()).Should().Contain(next.Id);
        Kid(await auth.Token(key)).Should().Be(Kid(before));
        auth.Clock.Advance(SigningKeyRotation.Notice);
        var after = await auth.Token(key);
        Kid(after).Should().Be(next.Id);
        foreach (var token in new[] { before, after }) (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await Published()).Should().Contain(Kid(before));
    }

    [Fact]
    public async Task The_job_creates_the_next_signing_key_and_deletes_the_old_one()
    {
        var key = await auth.Key("org_platform", role: "aegis:admin");
        var first = Kid(await auth.Token(key));
        await auth.App.Run<RotateSigningKeysJob>();
        (await Published()).Should().Equal(first);

        auth.Clock.Advance(SigningKey.SigningPeriod - TimeSpan.FromHours(1));
        await auth.App.Run<RotateSigningKeysJob>();
        await auth.App.Run<RotateSigningKeysJob>();
        (await Published()).Should().HaveCount(2);
        Kid(await auth.Token(key)).Should().Be(first);

        auth.Clock.Advance(TimeSpan.FromHours(1));
        Kid(await auth.Token(key)).Should().NotBe(first);
        auth.Clock.Advance(TimeSpan.FromDays(2));
        await auth.App.Run<RotateSigningKeysJob>();
        (await Published()).Should().NotContain(first);
        (await auth.App.As("admin").Get("/v1/auth/signing-keys")).Text.Should().NotContain(first);
    }

    [Fact]
    public async Task After_an_emergency_rotation_no_host_accepts_an_earlier_token()
    {
        var other = await auth.App.StartAnotherHost();
        var key = await auth.Key();
        var token = await auth.Token(key);
        foreach (var host in new[] { auth.App, other })
            (await new ApiClient(host.NewHttp(), token).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        var next = (await auth.App.As("admin").Post(Rotate, new { emergency = true })).ShouldBe(HttpStatusCode.OK);

        foreach (var host in new[] { auth.App, other })
        {
            (await new ApiClient(host.NewHttp(), token).Get("/v1/auth/session")).ShouldBeRefused(
                HttpStatusCode.Unauthorized, "token_invalid");
            var fresh = (await new ApiClient(host.NewHttp()).With("X-Api-Key", key.Text).Post("/v1/auth/token"))["access_token"]!;
            Kid(fresh).Should().Be(next.Id);
            (await new ApiClient(host.NewHttp(), fresh).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        }

        (await Published()).Should().Equal(next.Id);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_request_can_use_a_loaded_key_after_the_cache_was_reset()
    {
        var kid = Kid(await auth.Token(await auth.Key()));
        var keys = auth.App.Services.GetRequiredService<SigningKeys>();
        (await keys.Load(kid, default)).Should().BeTrue();

        keys.ForgetAll(); // as when a host that was marked registers again

        keys.Find(kid).Should().NotBeNull();
        await auth.Change(db => db.SigningKeys.Where(k => k.Id == kid)
            .ExecuteUpdateAsync(k => k.SetProperty(x => x.ExpiresAt, auth.Clock.GetUtcNow())));
        (await keys.Load(kid, default)).Should().BeFalse("the next request reads it again");
        keys.Find(kid).Should().BeNull();
    }

    [Fact]
    public async Task Only_the_platforms_admin_rotates_signing_keys()
    {
        var admin = auth.With(await auth.Key(scopes: ["stack:read", "stack:update"], role: "aegis:admin"));

        (await admin.Post(Rotate, new { })).ShouldBeRefused(HttpStatusCode.Forbidden, "platform_only");
        (await admin.Get("/v1/auth/signing-keys")).ShouldBeRefused(HttpStatusCode.Forbidden, "platform_only");
    }

    private static string Kid(string token) => new JsonWebToken(token).Kid;

    private async Task<List<string>> Published() =>
        (await auth.Anonymous.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray()
            .Select(k => k.GetProperty("kid").GetString()!).ToList();
}
