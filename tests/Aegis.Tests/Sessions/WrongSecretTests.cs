using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Sessions;

/// <summary>Wrong secrets of a key raise the risk of the sessions of its user.</summary>
public sealed class WrongSecretTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task Keys_with_wrong_secrets_raise_the_risk_for_an_hour()
    {
        await using var own = await OwnAuth.Start();
        var key = await own.Auth.Key();
        var client = own.Auth.WithToken(await own.Auth.Token(key));
        for (var i = 0; i < 3; i++) await Exchange(own.Auth, Forged.WithTheIdOf(key));
        await own.Auth.App.Use<WrongSecrets>(w => w.Store(CancellationToken.None));

        await client.Session();

        (await Reasons(client)).Should().Equal("wrong_secrets:15");
        own.Auth.Clock.Advance(TimeSpan.FromHours(1));
        var later = own.Auth.WithToken(await own.Auth.Token(key));
        await later.Session();
        (await Reasons(later)).Should().BeEmpty();
        await Exchange(own.Auth, Forged.WithTheIdOf(key));
        await own.Auth.App.Use<WrongSecrets>(w => w.Store(CancellationToken.None));
        await later.Session();
        (await Reasons(later)).Should().Equal("wrong_secrets:5"); // counts of an hour ago are ignored
    }

    [Fact]
    public async Task Wrong_secrets_count_at_every_endpoint()
    {
        var key = await auth.Key();
        var client = auth.WithToken(await auth.Token(key));

        await auth.WithToken(Forged.WithTheIdOf(key)).Get("/v1/auth/session");
        await auth.Anonymous.Post("/v1/auth/keys/report-leak", new { key = Forged.WithTheIdOf(key) });
        await auth.App.Use<WrongSecrets>(w => w.Store(CancellationToken.None));

        await client.Session();
        (await Reasons(client)).Should().Equal("wrong_secrets:10");
    }

    [Fact]
    public async Task Only_existing_users_have_a_row_and_each_has_one()
    {
        await auth.App.Use<WrongSecrets>(w => w.Store(CancellationToken.None));
        var before = await auth.App.Use<AuthDb, int>(db => db.WrongSecrets.CountAsync());
        var key = await auth.Key();

        for (var i = 0; i < 3; i++)
        {
            await Exchange(auth, Forged.Key());
            await Exchange(auth, "aegis_test_nothing");
            await Exchange(auth, Forged.WithTheIdOf(key));
            await auth.App.Use<WrongSecrets>(w => w.Store(CancellationToken.None));
        }

        await auth.App.Use<AuthDb>(async db =>
        {
            (await db.WrongSecrets.CountAsync()).Should().Be(before + 1);
            (await db.WrongSecrets.SingleAsync(w => w.UserId == key.UserId)).Count.Should().Be(3);
        });
    }

    private static async Task Exchange(AuthApp auth, string key) =>
        (await auth.Anonymous.With("X-Api-Key", key)
            .Post("/v1/auth/token")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_invalid");

    private static async Task<string[]> Reasons(ApiClient client) =>
        [.. (await client.Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("riskReasons").EnumerateArray()
            .Select(r => $"{r.GetProperty("reason").GetString()}:{r.GetProperty("points").GetInt32()}")];
}
