using Aegis.Auth.Access.Permissions;
using Aegis.Auth.Access.Keys;
using Aegis.Auth.Access.Revocation;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Contracts.Sandbox;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Auth;

/// <summary>An app with the sandbox's organizations, and with keys that have the scopes and lifetimes a test needs.</summary>
public sealed class AuthApp : IAsyncLifetime
{
    public AegisApp App { get; private init; } = new();

    /// <summary>Uses an app that is already running.</summary>
    public static AuthApp On(AegisApp started) => new() { App = started };

    public Fakes.TestClock Clock => App.Clock;

    public ApiClient Anonymous => App.Anonymous;

    public async Task InitializeAsync()
    {
        await App.InitializeAsync();
        await App.Use<ISandboxIdentity>(sandbox => sandbox.Seed(CancellationToken.None));
    }

    public Task DisposeAsync() => App.DisposeAsync();

    internal ApiClient With(TestKey key) => new(App.NewHttp(), key.Text);

    internal ApiClient WithToken(string token) => new(App.NewHttp(), token);

    /// <summary>Exchanges a key for a token.</summary>
    internal async Task<string> Token(TestKey key) =>
        (await Anonymous.With("X-Api-Key", key.Text).Post("/v1/auth/token")).ShouldBe(System.Net.HttpStatusCode.OK)["access_token"]!;

    /// <summary>Creates a user of the organization and a key of that user.</summary>
    internal async Task<TestKey> Key(
        string organization = "cons_456", string[]? scopes = null, string? role = Roles.Operator,
        string[]? partners = null, TimeSpan? lifetime = null, bool isTest = true)
    {
        var now = Clock.GetUtcNow();
        var (drawn, text) = KeyText.Draw(isTest);
        var user = User.Create(Ids.New("usr", now), organization, $"{Ids.New("u", now)}@example.org", "Test user", role, now);
        var mac = App.Services.GetRequiredService<Pepper>().Mac(drawn.Secret);
        var grant = new KeyGrant(scopes ?? ["org:read", "org:write", "study:read"], partners, now + lifetime);
        var key = ApiKey.Create(drawn, mac, "Test key", (organization, user.Id), grant, now);
        await App.Use<AuthDb>(async db =>
        {
            db.AddRange(user, key);
            await db.SaveChangesAsync();
        });
        return new TestKey(text, key.Id, user.Id);
    }

    /// <summary>Revokes the key by reporting it, which anyone who has the key can do.</summary>
    internal async Task Revoke(TestKey key) =>
        (await Anonymous.Post("/v1/auth/keys/report-leak", new { key = key.Text })).ShouldBe(System.Net.HttpStatusCode.OK);

    /// <summary>Changes rows directly, and makes every host read them again.</summary>
    internal Task Change(Func<AuthDb, Task> change) => App.Use<Revocations>(async revocations =>
    {
        await App.Use<AuthDb>(db => db.InTransaction(async () =>
        {
            await change(db);
            return 1;
        }, CancellationToken.None));
        await revocations.Save([StateChange.Everybody], CancellationToken.None);
    });
}

internal sealed record TestKey(string Text, string Id, string UserId);

internal static class ScopedUse
{
    public static async Task Use<T>(this AegisApp app, Func<T, Task> use)
        where T : notnull
    {
        await using var scope = app.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public static async Task<TResult> Use<T, TResult>(this AegisApp app, Func<T, Task<TResult>> use)
        where T : notnull
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }
}
