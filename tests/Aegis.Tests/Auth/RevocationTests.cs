using Aegis.Auth.Access.Keys;
using Aegis.Auth.Access.Revocation;

namespace Aegis.Tests.Auth;

/// <summary>After the response to a revocation, no host accepts a new request with the key.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private const int Rounds = 25; // the campaign runs 500
    private const int Clients = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AuthApp auth = new();
    private readonly List<AegisApp> others = [];

    public async Task InitializeAsync()
    {
        await auth.InitializeAsync();
        for (var i = 0; i < 2; i++) others.Add(await auth.App.StartAnotherHost());
    }

    public async Task DisposeAsync()
    {
        foreach (var other in others) await other.DisposeAsync();
        await auth.DisposeAsync();
    }

    [Fact]
    public async Task Under_load_on_three_hosts_no_request_that_starts_after_the_revocation_succeeds()
    {
        AegisApp[] hosts = [auth.App, .. others];
        for (var round = 0; round < Rounds; round++)
        {
            var key = await auth.Key(scopes: ["key:revoke", "org:read"]);
            var token = await auth.Token(key);
            var answered = long.MaxValue;
            using var stop = new CancellationTokenSource();
            using var working = new CountdownEvent(Clients);
            var clients = Enumerable.Range(0, Clients)
                .Select(i => Task.Run(() => Hammer(hosts[i % 3], i % 2 == 0 ? token : key.Text))).ToArray();

            working.Wait(Patience).Should().BeTrue();
            (await new ApiClient(hosts[round % 3].NewHttp(), key.Text).Delete($"/v1/auth/keys/{key.Id}")).ShouldBe(HttpStatusCode.OK);
            Interlocked.Exchange(ref answered, Environment.TickCount64);
            await Task.Delay(60);
            await stop.CancelAsync();

            var calls = await Task.WhenAll(clients);
            calls.Should().OnlyContain(client => client.Any(c => c.Succeeded), "token and key worked on every host before");
            var seen = calls.SelectMany(s => s).ToList();
            seen.Where(s => s.Succeeded && s.Started > answered).Should().BeEmpty();

            async Task<List<(long Started, bool Succeeded)>> Hammer(AegisApp host, string credential)
            {
                var calls = new List<(long, bool)>();
                using var http = host.NewHttp();
                var client = new ApiClient(http, credential);
                while (!stop.IsCancellationRequested)
                {
                    var started = Environment.TickCount64;
                    var succeeded = (await client.Get("/v1/auth/session")).Status == HttpStatusCode.OK;
                    if (succeeded && calls.Count == 0) working.Signal();
                    calls.Add((started, succeeded));
                }

                return calls;
            }
        }
    }

    [Fact]
    public async Task A_revocation_waits_for_a_silent_host_until_its_cache_is_stale()
    {
        var key = await auth.Key(scopes: ["key:revoke"]);
        await auth.App.Database.Run($"INSERT INTO {TestDatabase.Table("auth", "nodes")} (Id, Acknowledged) VALUES ('nod_silent', 0)");
        var start = TimeProvider.System.GetTimestamp();

        await auth.Revoke(key);

        TimeProvider.System.GetElapsedTime(start).Should().BeGreaterThan(CacheFreshness.MaxAge);
        start = TimeProvider.System.GetTimestamp();
        auth.Clock.Advance(TimeSpan.FromMinutes(2)); // by now its cache is stale, even if the clocks of the hosts differ
        await auth.Revoke(await auth.Key());
        TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(CacheFreshness.MaxAge);
    }

    [Fact]
    public async Task A_marked_host_ignores_its_cache_until_it_has_registered_again()
    {
        var key = await auth.Key();
        (await auth.With(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        await auth.Change(db => db.Nodes.ExecuteUpdateAsync(n => n.SetProperty(x => x.MarkedAt, auth.Clock.GetUtcNow())));

        await Eventually(() => auth.App.Use<AuthDb, bool>(async db => await db.Nodes.CountAsync(n => n.MarkedAt == null) == 3));

        auth.App.Services.GetRequiredService<StatusCache>().Find<KeyState>(key.Id).Should().BeNull();
        (await auth.With(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_a_stale_cache_the_database_is_read()
    {
        var key = await auth.Key();
        (await auth.With(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        auth.App.Services.GetRequiredService<CacheFreshness>().Holds.Should().BeTrue();

        await auth.App.Services.GetRequiredService<FollowChanges>().StopAsync(CancellationToken.None);
        await auth.App.Use<AuthDb>(db => db.ApiKeys.Where(k => k.Id == key.Id)
            .ExecuteUpdateAsync(k => k.SetProperty(x => x.RevokedAt, auth.Clock.GetUtcNow())));

        (await auth.With(key).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task Strict_hosts_cache_nothing()
    {
        var strict = await auth.App.StartAnotherHost(("Revocation:Strict", "true"));
        others.Add(strict);
        var key = await auth.Key();
        var client = new ApiClient(strict.NewHttp(), key.Text);
        (await client.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        await auth.App.Use<AuthDb>(db => db.ApiKeys.Where(k => k.Id == key.Id)
            .ExecuteUpdateAsync(k => k.SetProperty(x => x.RevokedAt, auth.Clock.GetUtcNow())));

        (await client.Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public void A_state_read_before_a_change_is_not_cached_after_it()
    {
        var known = new StatusCache();
        var state = new KeyState("key_1", "k", "cons_1", "usr_1", null, null, null, null, null);
        var removals = known.Removals();

        known.Forget(["key_2"]);
        known.Keep("key_1", state, removals);

        known.Find<KeyState>("key_1").Should().BeNull();
        known.Keep("key_1", state, known.Removals());
        known.Find<KeyState>("key_1").Should().Be(state);
    }

    [Fact]
    public void The_cache_becomes_stale_by_either_clock()
    {
        var clock = new Fakes.TestClock();
        var freshness = new CacheFreshness(clock);
        freshness.Holds.Should().BeFalse();
        freshness.Renew(freshness.Now());
        freshness.Holds.Should().BeTrue();

        clock.Advance(CacheFreshness.MaxAge);
        freshness.Holds.Should().BeFalse();
        freshness.Renew(freshness.Now());
        clock.Advance(TimeSpan.FromHours(-1));
        var maxAge = (long)(CacheFreshness.MaxAge.TotalSeconds * clock.TimestampFrequency);
        freshness.Renew(freshness.Now() with { Timestamp = clock.GetTimestamp() - maxAge });
        freshness.Holds.Should().BeFalse();
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 200 && !await condition(); i++) await Task.Delay(25);
        (await condition()).Should().BeTrue();
    }
}
