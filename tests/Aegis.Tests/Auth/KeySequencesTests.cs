namespace Aegis.Tests.Auth;

/// <summary>
/// No sequence of create, rotate, demote, promote, expire and revoke yields a key or token that allows more, or lives longer, than the key
/// it was made with. Sequences are random with a fixed seed. A failure names the seed and the step, so it can be repeated.
/// </summary>
public sealed class KeySequencesTests : IAsyncLifetime
{
    private const string Keys = "/v1/auth/keys";
    private const int Steps = 220;
    private const int CheckAllEvery = 50;
    private const int Sample = 4;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3); // the clock moves between a request and the check of the model
    private static readonly string?[] Roles = ["aegis:admin", "aegis:operator", null];

    private static readonly (string Word, TimeSpan? Lifetime)[] Expiries =
        [("7d", TimeSpan.FromDays(7)), ("30d", TimeSpan.FromDays(30)), ("90d", TimeSpan.FromDays(90)), ("1y", TimeSpan.FromDays(365)),
            ("never", null)];

    private static readonly (string Word, TimeSpan Overlap)[] Overlaps =
        [("0", TimeSpan.Zero), ("15m", TimeSpan.FromMinutes(15)), ("1h", TimeSpan.FromHours(1)), ("24h", TimeSpan.FromHours(24))];

    private readonly AuthApp auth = new();
    private readonly KeyModel model = new();
    private readonly List<ModelUser> users = [];
    private readonly Dictionary<string, int> done = [];
    private SeededDraws random = new(0);

    public Task InitializeAsync() => auth.InitializeAsync();

    public Task DisposeAsync() => auth.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public async Task No_sequence_of_calls_yields_more_rights_than_its_start(int seed)
    {
        random = new SeededDraws((ulong)seed);
        foreach (var role in new[] { "aegis:admin", "aegis:operator" }) await Root(role);

        for (var step = 1; step <= Steps; step++)
        {
            using var scope = new FluentAssertions.Execution.AssertionScope($"seed {seed}, step {step}");
            await Step();
            foreach (var key in step % CheckAllEvery == 0 ? [.. model.Keys] : Drawn(model.Keys)) await Check(key);
            foreach (var token in step % CheckAllEvery == 0 ? [.. model.Tokens] : Drawn(model.Tokens)) await Check(token);
            if (scope.HasFailures()) return;
        }

        foreach (var outcome in new[] { "create", "no create", "rotate", "no rotate", "revoke", "no revoke", "token", "role", "later" })
            done.GetValueOrDefault(outcome).Should().BeGreaterThan(0, "the sequence of seed {0} must try '{1}'", seed, outcome);
    }

    private Task Step() => random.Next(100) switch
    {
        < 36 => Create(),
        < 54 => Rotate(),
        < 66 => Revoke(),
        < 80 => Exchange(),
        < 89 => ChangeRole(),
        < 98 => Later(),
        _ => Root(Draw(Roles)),
    };

    private async Task Root(string? role)
    {
        var key = await auth.Key("cons_456", KeyModel.Scopes, role);
        users.Add(new ModelUser(key.UserId, role));
        model.Keys.Add(new ModelKey { Id = key.Id, Text = key.Text, User = users[^1], Scopes = [.. KeyModel.Scopes], ExpiresAt = null });
    }

    private async Task Create()
    {
        var caller = DrawKey();
        var scopes = random.Next(5) == 0
            ? null
            : Some(random.Next(3) == 0 ? KeyModel.Scopes : [.. KeyModel.Allowed(caller).DefaultIfEmpty("org:read")]);
        var (word, lifetime) = Draw(Expiries);
        var may = KeyModel.MayCreate(caller, scopes, lifetime, Now);

        var answer = await Client(caller)
            .Post(Keys, scopes is null
                ? new { name = "k", preset = "full-access", expiry = word }
                : new { name = "k", scopes, expiry = word });

        if (!Agreed("create", may, answer)) return;
        var expected = scopes ?? KeyModel.Allowed(caller);
        var key = Made(answer, caller.User, expected, parent: caller, caller.Depth + 1, madeWith: caller);
        ScopesOf(answer).Should().BeEquivalentTo(expected);
        var asked = Now + lifetime;
        var end = caller.ExpiresAt is { } parents && (asked is null || asked > parents) ? parents : asked;
        if (end is null) key.ExpiresAt.Should().BeNull();
        else key.ExpiresAt.Should().BeCloseTo(end.Value, Tolerance);
        answer.Json.GetProperty("warnings").GetArrayLength().Should().Be(end == asked ? 0 : 1);
        model.Keys.Add(key);
    }

    private async Task Rotate()
    {
        var caller = DrawKey();
        var target = random.Next(3) switch
        {
            0 => caller,
            1 => Draw(model.Keys.Where(k => k.Above().Contains(caller)).DefaultIfEmpty(caller).ToList()),
            _ => Draw(model.Keys.Where(k => k.Parent == caller.Parent || k.User == caller.User).ToList()),
        };
        var (word, overlap) = Draw(Overlaps);
        var may = KeyModel.MayRotate(caller, target, Now);

        var answer = await Client(caller).Post($"{Keys}/{target.Id}/rotate", new { overlap = word });

        if (!Agreed("rotate", may, answer)) return;
        var successor =
            Made(answer, target.User, target.Scopes, target.Parent, target.Depth, madeWith: caller == target ? target.MadeWith : caller);
        ScopesOf(answer).Should().BeEquivalentTo(target.Scopes);
        successor.ExpiresAt.Should().Be(target.ExpiresAt);
        model.Replaced(target, successor, overlap, Now);
    }

    private async Task Revoke()
    {
        var target = DrawKey();
        var caller = random.Next(2) == 0 ? DrawKey() : Draw(target.Above().DefaultIfEmpty(target).ToList());
        if (target.Parent is null && random.Next(3) > 0) return; // otherwise few root keys would remain
        if (random.Next(5) == 0)
        {
            (await auth.Anonymous.Post($"{Keys}/report-leak", new { key = target.Text })).ShouldBe(HttpStatusCode.OK);
            model.Revoked(target);
            return;
        }

        var may = KeyModel.MayRevoke(caller, target, Now);
        var answer = await Client(caller).Delete($"{Keys}/{target.Id}");
        if (Agreed("revoke", may, answer)) model.Revoked(target);
    }

    private async Task Exchange()
    {
        var key = DrawKey();
        var alive = KeyModel.IsAlive(key, Now);

        var answer = await auth.Anonymous.With("X-Api-Key", key.Text).Post("/v1/auth/token");

        if (!Agreed("token", alive, answer)) return;
        var scopes = answer["scope"]!.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        scopes.Should().BeEquivalentTo(KeyModel.Allowed(key));
        model.Tokens.Add(
            new ModelToken(answer["access_token"]!, key, scopes, Now.AddSeconds(answer.Json.GetProperty("expires_in").GetInt32())));
    }

    private async Task ChangeRole()
    {
        var user = Draw(users);
        user.Role = Draw(Roles);
        await auth.Change(db => db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.Role, user.Role)));
        Count("role");
    }

    private Task Later()
    {
        int[] minutes = [5, 5, 14, 14, 61, 24 * 60, 6 * 24 * 60, 20 * 24 * 60];
        auth.Clock.Advance(TimeSpan.FromMinutes(Draw(minutes)) + (2 * Tolerance));
        model.Tokens.RemoveAll(t => t.ExpiresAt < Now.AddHours(-1));
        Count("later");
        return Task.CompletedTask;
    }

    private async Task Check(ModelKey key)
    {
        if (IsAboutNow(key.ExpiresAt)) return;
        var alive = KeyModel.IsAlive(key, Now);
        var answer = await Client(key).Get("/v1/auth/session");
        (answer.Status == HttpStatusCode.OK).Should().Be(alive, "{0} is {1}: {2}", key.Id, alive ? "alive" : "dead", answer.Text);
        if (!alive) return;

        ScopesOf(answer).Should().BeEquivalentTo(KeyModel.Allowed(key));
        foreach (var above in key.Above().Append(key.MadeWith).OfType<ModelKey>())
        {
            KeyModel.IsAlive(above, Now).Should().BeTrue("{0} lives, and {1} above it does not", key.Id, above.Id);
            ScopesOf(answer).Should().NotContain(scope => !KeyModel.Covers(above.Scopes, scope), "{0} comes from {1}", key.Id, above.Id);
            if (above.ExpiresAt is not null) key.ExpiresAt.Should().BeOnOrBefore(above.ExpiresAt.Value);
        }
    }

    private async Task Check(ModelToken token)
    {
        if (IsAboutNow(token.ExpiresAt) || IsAboutNow(token.Key.ExpiresAt)) return;
        var alive = Now < token.ExpiresAt && KeyModel.IsAlive(token.Key, Now);
        var answer = await auth.WithToken(token.Text).Get("/v1/auth/session");
        (answer.Status == HttpStatusCode.OK)
            .Should().Be(alive, "a token of {0} is {1}: {2}", token.Key.Id, alive ? "alive" : "dead", answer.Text);
        if (alive) ScopesOf(answer)
            .Should().BeEquivalentTo(KeyModel.Allowed(token)).And.NotContain(scope => !KeyModel.Covers(KeyModel.Allowed(token.Key), scope));
    }

    private bool Agreed(string what, bool may, ApiResponse answer)
    {
        ((int)answer.Status < 300).Should().Be(may, "{0} {1} have been allowed: {2}", what, may ? "should" : "should not", answer.Text);
        ((int)answer.Status).Should().BeLessThan(500);
        Count(may ? what : $"no {what}");
        return may && (int)answer.Status < 300;
    }

    private static ModelKey Made(
        ApiResponse answer, ModelUser user, IEnumerable<string> scopes, ModelKey? parent, int depth, ModelKey? madeWith) => new()
        {
            Id = answer.Id,
            Text = answer["key"]!,
            User = user,
            Scopes = [.. scopes],
            Parent = parent,
            Depth = depth,
            MadeWith = madeWith,
            ExpiresAt = answer["expiresAt"] is { } end ? DateTimeOffset.Parse(end, null) : null,
        };

    private static List<string> ScopesOf(ApiResponse answer) =>
        answer.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()!).ToList();

    private ApiClient Client(ModelKey key) => auth.WithToken(key.Text);

    private DateTimeOffset Now => auth.Clock.GetUtcNow();

    private bool IsAboutNow(DateTimeOffset? end) => end is { } at && (at - Now).Duration() < Tolerance;

    private void Count(string outcome) => done[outcome] = done.GetValueOrDefault(outcome) + 1;

    /// <summary>Mostly an active key, because a revoked or expired one creates nothing.</summary>
    private ModelKey DrawKey() =>
        Draw(random.Next(8) == 0 ? model.Keys : model.Keys.Where(k => KeyModel.IsAlive(k, Now)).DefaultIfEmpty(model.Keys[0]).ToList());

    private T Draw<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private List<T> Drawn<T>(List<T> from) => from.Count == 0 ? [] : [from[^1], .. Enumerable.Range(0, Sample).Select(_ => Draw(from))];

    private HashSet<string> Some(string[] from) => [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Draw(from))];
}

/// <summary>The same random numbers for the same seed, on every version of .NET (SplitMix64).</summary>
internal sealed class SeededDraws(ulong seed)
{
    private ulong state = seed;

    /// <summary>A number from 0 up to, but not including, the limit.</summary>
    public int Next(int limit)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }
}
