using System.Data.Common;
using Aegis.Auth.People.SignIn;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.People;

/// <summary>An attempt to sign in costs the same work for every address, so that the time of the answer reveals nothing.</summary>
public sealed class SignInWorkTests
{
    [Fact]
    public async Task A_wrong_password_costs_the_same_number_of_writes_with_and_without_a_user()
    {
        var writes = new CountCommits();
        var app = await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(writes))
            .ConfigureDbContext<SqlServerAuthDb>(o => o.AddInterceptors(writes)));
        var person = app.Person("cons_456");
        using var browser = new Browser(app);
        var page = await browser.Get("/sign-in");

        var known = await Try(person.Email);
        var unknown = await Try("nobody@cons-456.sandbox.example");
        for (var i = 0; i < 5; i++) await Try(person.Email);
        var locked = await Try(person.Email);
        await app.Use<AuthDb>(db => db.Users.Where(u => u.Email == person.Email)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, app.Clock.GetUtcNow())));
        var disabled = await Try(person.Email);
        await app.Use<AuthDb>(db => db.Users.Where(u => u.Email == person.Email)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, (DateTimeOffset?)null)));
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await browser.Send(page, "/sign-in", ("Email", person.Email), ("Password", person.Password));
        page = await browser.Get("/settings");
        var knownBrowser = await Try(person.Email);
        var unknownThere = await Try("nobody@cons-456.sandbox.example");

        known.Should().Be(2, "the attempt is counted before the check, and its outcome is saved after it");
        new[] { unknown, locked, disabled, knownBrowser, unknownThere }.Should().AllBeEquivalentTo(known);
        await app.DisposeAsync();

        async Task<int> Try(string email)
        {
            var before = writes.Count;
            (await browser.Send(page, "/sign-in", ("Email", email), ("Password", "not the password"))).Status
                .Should().Be(System.Net.HttpStatusCode.Forbidden);
            return writes.Count - before;
        }
    }

    [Fact]
    public async Task Strangers_from_many_addresses_get_half_of_the_cores_and_a_known_browser_gets_one()
    {
        using var hasher = new HeldHasher("a guess");
        await using var app = await AegisApp.StartWith(services => services
            .AddSingleton(new HashSlots(cores: 2)).AddSingleton<IPasswordHasher<User>>(hasher));
        var person = app.Person("cons_456");
        using var owner = new Browser(app);
        await owner.SignIn(person);
        using var first = new Browser(app);
        var page = await first.Get("/sign-in");

        var attempts = Enumerable.Range(1, 120).Select(i => Attempt($"127.2.0.{i}")).ToList();
        await Eventually(() => attempts.Count(a => a.IsCompleted) >= 111);
        var (held, known) = (hasher.Running,
            await owner.Send(await owner.Get("/settings"), "/sign-in", ("Email", person.Email), ("Password", person.Password)));
        hasher.Release();
        var answers = await Task.WhenAll(attempts);

        known.ShouldLeadTo("/settings/api-keys");
        held.Should().Be(1);
        hasher.MaxAtOnce.Should().BeLessThanOrEqualTo(2);
        answers.Count(a => a.Status == HttpStatusCode.Forbidden).Should().Be(9, "one is hashed and eight wait");
        foreach (var busy in answers.Where(a => a.Status != HttpStatusCode.Forbidden))
        {
            busy.ShouldSay(HttpStatusCode.ServiceUnavailable, "Too many people are signing in").Text.Should().Contain("sign_in_busy");
            busy.Answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(5));
        }

        (await app.Happened("user.sign_in_failed")).Should().HaveCount(5, "a refused attempt does not count");

        async Task<Shown> Attempt(string address)
        {
            using var stranger = new Browser(app, first.Cookies, IPAddress.Parse(address));
            return await stranger.Send(page, "/sign-in", ("Email", person.Email), ("Password", "a guess"));
        }
    }

    private static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++) await Task.Delay(50);
        condition().Should().BeTrue();
    }

    /// <summary>Blocks while it verifies one password, until it is released.</summary>
    private sealed class HeldHasher(string heldPassword) : IPasswordHasher<User>, IDisposable
    {
        private readonly PasswordHasher<User> real = new();
        private readonly ManualResetEventSlim released = new();
        private int running;
        private int max;

        public int Running => Volatile.Read(ref running);

        public int MaxAtOnce => Volatile.Read(ref max);

        public void Release() => released.Set();

        public string HashPassword(User user, string password) => real.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            var now = Interlocked.Increment(ref running);
            if (now > max) max = now;
            if (providedPassword == heldPassword) released.Wait();
            Interlocked.Decrement(ref running);
            return providedPassword == heldPassword
                ? PasswordVerificationResult.Failed
                : real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }

        public void Dispose() => released.Dispose();
    }

    private sealed class CountCommits : DbTransactionInterceptor
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public override Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        }
    }
}
