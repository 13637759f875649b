using Aegis.Auth.Access.Permissions;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Rights;

/// <summary>One call of a minting route that asks for more than the caller has.</summary>
/// <param name="Route">A route of <see cref="MintingRoutes.Mint"/>.</param>
/// <param name="Asks">What it asks for.</param>
/// <param name="Call">Makes the call.</param>
/// <param name="Made">The permissions that the response gives its caller; null when it was refused.</param>
internal sealed record Attempt(
    string Route, string Asks, Func<NarrowCaller, Task<ApiResponse>> Call, Func<NarrowCaller, ApiResponse, Task<Permissions?>> Made);

/// <summary>The objects for the attempts, and the attempts.</summary>
internal sealed class Attempts(AuthApp auth)
{
    private const string Device = $"{Persons.Realm}/device";
    private static readonly DateOnly Agreed = new(2030, 12, 31);
    private static int numbers;

    private string session = "", reader = "", admin = "", disabled = "", partnership = "", webhook = "", transfer = "", application = "",
        approved = "";

    public async Task Prepare(NarrowCallers callers, NarrowCaller whole, bool isPlatform)
    {
        session = await auth.WithToken(await auth.Token(callers.Wide)).Session(riskScore: 90);
        (reader, admin, disabled) = (await User(whole, null), await User(whole, Roles.Admin), await User(whole, Roles.Operator));
        (await whole.Client.Patch($"/v1/users/{disabled}", new { disabled = true })).ShouldBe(HttpStatusCode.OK);
        partnership = (await auth.App.As("provider").Get("/v1/partnerships")).Json.GetProperty("items")[0].GetProperty("id").GetString()!;
        webhook = (await whole.Client.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "transfer.ready" } }))
            .ShouldBe(HttpStatusCode.Created).Id;
        if (!isPlatform) transfer = (await auth.App.Deliver()).Id;
        else (application, approved) = (await auth.InReview(), await Approve());
    }

    /// <summary>Returns the caller with a client that follows no redirects.</summary>
    public ApiClient AtPages(NarrowCaller n) =>
        new(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = auth.App.BaseAddress }, n.Bearer);

    /// <summary>The attempts for any organization. Rotations come last, because they shorten the callers' credentials.</summary>
    public IEnumerable<Attempt> Everywhere() => [.. Keys(), .. Tokens(), .. Recognition(), .. Users(), .. Webhooks(), .. Rotations()];

    public IEnumerable<Attempt> OfPlatform() =>
    [
        On("POST v1/applications/{id}/approve", "an organization", n => n.Client.Post($"/v1/applications/{application}/approve"),
            (_, _) => Permissions.Of(Roles.Admin)),
        On("POST v1/applications/{id}/claim", "a claim", n => n.Client.Post($"/v1/applications/{approved}/claim"), (_, _) =>
            Permissions.Of(Roles.Admin)),
    ];

    public IEnumerable<Attempt> OfConsumer()
    {
        Permissions Deals(NarrowCaller n, string scope) => new(new HashSet<string> { scope }, new HashSet<string> { "prov_123" },
            n.Permissions.EndsAt ?? DateTimeOffset.MinValue);
        yield return new Attempt("POST v1/partnerships", "another partner",
            n => n.Client.Post("/v1/partnerships", new { partnerId = "prov_123", @as = "consumer", baaUntil = Agreed }),
                Reached(n => Deals(n, "org:write")));
        foreach (var (route, path, method, body) in new[]
        {
            ("POST v1/partnerships/{id}/approve", "approve", "POST", (object)new { baaUntil = Agreed }),
                ("POST v1/partnerships/{id}/resume", "resume", "POST", new { }),
            ("PUT v1/partnerships/{id}/baa", "baa", "PUT", new { until = Agreed }),
        })
        {
            yield return new Attempt(route, "another partner",
                n => method == "PUT" ? n.Client.Put($"/v1/partnerships/{partnership}/{path}",
                    body) : n.Client.Post($"/v1/partnerships/{partnership}/{path}", body),
                Reached(n => Deals(n, "org:write")));
        }

        yield return On("POST v1/transfers/{id}/open", "a content address", n => n.Client.Post($"/v1/transfers/{transfer}/open"),
            (n, _) => Deals(n, "study:open"));
        yield return On("POST v1/requests", "another partner's study", n =>
            n.Client.Post("/v1/requests", Aegis.Tests.Studies.Requests.Asking.JaneDoe), (n, _) => Deals(n, "study:request"));
    }

    private static IEnumerable<Attempt> Keys()
    {
        string[] everything = [.. ScopeCatalogue.All];
        var bodies = new (string, object)[]
        {
            ("all it has for a year", new { name = "k", preset = "full-access", expiry = "1y" }),
                ("all it has for a week", new { name = "k", preset = "full-access", expiry = "7d" }),
            ("all it has for ever", new { name = "k", preset = "full-access", expiry = "never" }),
                ("all scopes", new { name = "k", scopes = everything, expiry = "7d" }),
            ("a preset", new { name = "k", preset = "developer", expiry = "7d" }),
                ("studies", new { name = "k", scopes = new[] { "study:read" }, expiry = "7d" }),
            ("a wildcard", new { name = "k", scopes = new[] { "secret:*" }, expiry = "7d" }),
                ("every object", new { name = "k", scopes = new[] { "workflow:run" }, expiry = "7d" }),
            ("another object", new { name = "k", scopes = new[] { "workflow:run#daily" }, expiry = "7d" }),
                ("its object", new { name = "k", scopes = new[] { "workflow:run#nightly" }, expiry = "7d" }),
            ("another partner", new { name = "k", scopes = new[] { "org:read" }, expiry = "7d", partners = new[] { "prov_123" } }),
        };
        return bodies.Select(b => new Attempt("POST v1/auth/keys", b.Item1, n => n.Client.Post("/v1/auth/keys", b.Item2), Key));
    }

    private IEnumerable<Attempt> Tokens()
    {
        yield return new Attempt("POST v1/auth/token", "a token", n => auth.Anonymous.With("X-Api-Key", n.Bearer).Post("/v1/auth/token"),
            Token);
        foreach (var scope in new[] { "", string.Join(' ', ScopeCatalogue.All), "study:read secret:read", "workflow:run" })
        {
            (string, string)[] form = scope.Length == 0 ? [("grant_type", "client_credentials")] : [("grant_type", "client_credentials"),
                ("scope", scope)];
            yield return new Attempt($"POST {Persons.TokenPath[1..]}", $"a token with {scope}", n =>
                n.Client.Form(Persons.TokenPath, form), Token);
        }

        yield return new Attempt($"POST {Persons.TokenPath[1..]}", "a refresh", n => n.Client.Form(
            Persons.TokenPath, ("grant_type", "refresh_token"), ("client_id", "aegis-cli"), ("refresh_token", n.Bearer)), Token);
        yield return new Attempt($"POST {Persons.DevicePath[1..]}", "a login of its own", async n =>
        {
            var codes = await auth.BeginDevice();
            (await AtPages(n).Get($"{Device}?user_code={codes.User}")).Status.Should().Be(HttpStatusCode.Redirect);
            (await AtPages(n).Form($"{Device}?handler=Approve", ("UserCode", codes.User))).Status.Should().Be(HttpStatusCode.Redirect);
            return await auth.Poll(codes);
        }, Token);
        yield return new Attempt("POST aegis.v1.IdentityGatewayService/CreateSession", "a session that is trusted", n => n.Client.Call(),
            async (n, answer) =>
            IsGood(answer) ? await NarrowCallers.PermissionsOf(n.Client, n.Permissions.EndsAt) : null);
    }

    private IEnumerable<Attempt> Recognition()
    {
        // A caller who sets how a person is recognized can act as that person, with all of the role.
        Permissions Person(NarrowCaller n, ApiResponse answer) => Permissions.Of(Roles.Admin) with { EndsAt = n.Permissions.EndsAt };
        yield return On("POST v1/auth/totp", "an authenticator", n => n.Client.Post("/v1/auth/totp"), Person);
        yield return new Attempt("POST v1/auth/totp/confirm", "an authenticator", n =>
            n.Client.Post("/v1/auth/totp/confirm", new { totp = "123456" }),
            (n, answer) => Task.FromResult(answer.Text.Contains("totp_invalid", StringComparison.Ordinal) ? Person(n, answer) : null));
        yield return On("DELETE v1/auth/users/{id}/totp", "the reset of another user", n =>
            n.Client.Delete($"/v1/auth/users/{reader}/totp"), Person);
        yield return new Attempt("POST v1/auth/sessions/{id}/step-up", "the scopes of another session", n =>
            n.Client.Post($"/v1/auth/sessions/{session}/step-up", new { totp = "123456" }),
            (n, answer) => Task.FromResult(answer.Text.Contains("totp_", StringComparison.Ordinal)
                ? Permissions.Of(Roles.Admin) with { EndsAt = n.Permissions.EndsAt } : null));
    }

    private IEnumerable<Attempt> Users()
    {
        foreach (var role in new[] { null, Roles.Operator, Roles.Admin })
        {
            yield return On("POST v1/users", $"a user with the role {role}", n => n.Client.Post("/v1/users", Invited(role)), (_, _) =>
                Permissions.Of(role));
            if (role is not null) yield return On("PATCH v1/users/{id}", $"the role {role}", n =>
                n.Client.Patch($"/v1/users/{reader}", new { role }), (_, _) => Permissions.Of(role));
        }

        yield return On("PATCH v1/users/{id}", "a user back", n => n.Client.Patch($"/v1/users/{disabled}", new { disabled = false }),
            (_, _) => Permissions.Of(Roles.Operator));
        foreach (var (user, role) in new[] { (reader, null), (admin, Roles.Admin) })
            yield return On("POST v1/users/{id}/invitation", $"the invitation of {role}", n =>
                n.Client.Post($"/v1/users/{user}/invitation"), (_, _) => Permissions.Of(role));
    }

    private IEnumerable<Attempt> Webhooks()
    {
        Permissions Hears(NarrowCaller n, ApiResponse _) => new(new HashSet<string> { "study:read" }, null, n.Permissions.EndsAt);
        string[] events = ["transfer.ready"];
        yield return On("POST v1/webhooks", "what happens to studies", n =>
            n.Client.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events }), Hears);
        yield return On("PATCH v1/webhooks/{id}", "another address", n =>
            n.Client.Patch($"/v1/webhooks/{webhook}", new { url = $"http://127.0.0.1:1/{n.Name.Length}", events }), Hears);
        yield return On("POST v1/webhooks/{id}/rotate-secret", "the secret", n =>
            n.Client.Post($"/v1/webhooks/{webhook}/rotate-secret", new { overlapHours = 24 }), Hears);
    }

    private static IEnumerable<Attempt> Rotations()
    {
        foreach (var overlap in new[] { "0", "24h" }.Reverse())
            yield return new Attempt("POST v1/auth/keys/{id}/rotate", "its own key", n =>
                n.Client.Post($"/v1/auth/keys/{n.KeyId ?? "key_1"}/rotate", new { overlap }), Key);
    }

    private static async Task<Permissions?> Key(NarrowCaller n, ApiResponse answer)
    {
        if (!IsGood(answer)) return null;
        answer["key"].Should().StartWith("aegis_test_", "keys of a sandbox key are sandbox keys");
        return await NarrowCallers.PermissionsOf(new ApiClient(n.Client.Http, answer["key"]), answer["expiresAt"] is { } end
            ? DateTimeOffset.Parse(end, null) : null);
    }

    private async Task<Permissions?> Token(NarrowCaller n, ApiResponse answer) => IsGood(answer)
        ? await NarrowCallers.PermissionsOf(auth.WithToken(answer["access_token"]!),
            auth.Clock.GetUtcNow().AddSeconds(answer.Json.GetProperty("expires_in").GetInt32() - 10))
        : null;

    private static bool IsGood(ApiResponse answer) => (int)answer.Status < 300;

    private static Attempt On(
        string route, string asks, Func<NarrowCaller, Task<ApiResponse>> call, Func<NarrowCaller, ApiResponse, Permissions> made) =>
        new(route, asks, call, (n, answer) => Task.FromResult(IsGood(answer) ? made(n, answer) : null));

    /// <summary>Counts as reached when only the state of the object prevented it, and not the caller's permissions.</summary>
    private static Func<NarrowCaller, ApiResponse, Task<Permissions?>> Reached(Func<NarrowCaller, Permissions> permissions) =>
        (n, answer) => Task.FromResult(IsGood(answer) || answer.Status is HttpStatusCode.Conflict
            || answer.Text.Contains("wrong_party", StringComparison.Ordinal) ? permissions(n) : null);

    private static object Invited(string? role) => new
    {
        email = $"sweep-{Interlocked.Increment(ref numbers)}@example.org",
        name = "Swept",
        role
    };

    private static async Task<string> User(NarrowCaller whole, string? role) => (await whole.Client.Post("/v1/users", Invited(role)))
        .ShouldBe(HttpStatusCode.Created).Id;

    private async Task<string> Approve()
    {
        var id = await auth.InReview();
        (await auth.App.As("admin").Post($"/v1/applications/{id}/approve")).ShouldBe(HttpStatusCode.OK);
        return id;
    }
}
