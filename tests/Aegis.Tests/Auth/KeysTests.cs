using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Auth;

/// <summary>Creating, listing and revoking API keys.</summary>
public sealed class KeysTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Keys = "/v1/auth/keys";
    private static readonly string[] KeyScopes =
        ["key:create", "key:list", "key:read", "key:revoke", "org:read", "study:read", "workflow:run"];

    [Fact]
    public async Task A_new_key_is_shown_once_and_works()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes));

        var made = (await owner.Post(Keys, new { name = "ci-pipeline", scopes = new[] { "org:read" }, expiry = "30d" })).ShouldBe(
            HttpStatusCode.Created);

        made.Json.EnumerateObject().Select(p => p.Name).Should().Equal("id", "name", "key", "scopes", "expiresAt", "warnings");
        made.Headers.CacheControl!.NoStore.Should().BeTrue();
        made.Headers.Location!.OriginalString.Should().EndWith($"{Keys}/{made.Id}");
        var text = made["key"]!;
        var secret = text[23..];
        KeyText.IsWellFormed(text).Should().BeTrue();
        (await auth.WithToken(text).Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK);
        foreach (var later in new[] { await owner.Get($"{Keys}/{made.Id}"), await owner.Get(Keys),
            await auth.App.As("admin").Get("/v1/audit") })
            later.ShouldBe(HttpStatusCode.OK).Text.Should().NotContain(secret);
        auth.App.Logs.Lines.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
        DateTimeOffset.Parse(made["expiresAt"]!, null).Should().BeCloseTo(auth.Clock.GetUtcNow().AddDays(30), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_repeat_with_the_same_idempotency_key_does_not_show_the_key_again()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes)).With("Idempotency-Key", "once");
        var body = new { name = "once", scopes = new[] { "org:read" }, expiry = "7d" };
        var made = (await owner.Post(Keys, body)).ShouldBe(HttpStatusCode.Created);

        (await owner.Post(Keys, body)).ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"].Should().Be(made.Id);
    }

    [Fact]
    public async Task Scopes_too_long_for_a_token_are_refused_and_the_longest_allowed_work()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes));
        object Asking(int scopes) =>
            new
            {
                name = "long",
                expiry = "7d",
                scopes = Enumerable.Range(0, scopes).Select(i => $"workflow:run#{i:D3}{new string('w', 61)}")
            };

        var refused = (await owner.Post(Keys, Asking(50))).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        var longest = (await owner.Post(Keys, Asking(49))).ShouldBe(HttpStatusCode.Created);
        var token = (await auth.Anonymous.With("X-Api-Key", longest["key"]!)
            .Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        refused.Json.GetProperty("errors").TryGetProperty("scopes", out _).Should().BeTrue();
        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"name":"k","expiry":"7d"}""", "scopes")]
    [InlineData("""{"name":"k","expiry":"7d","preset":"read-only","scopes":["org:read"]}""", "scopes")]
    [InlineData("""{"name":"k","expiry":"8d","preset":"read-only"}""", "expiry")]
    [InlineData("""{"name":"","expiry":"7d","preset":"read-only"}""", "name")]
    [InlineData("""{"name":"k","expiry":"7d","preset":"everything"}""", "preset")]
    [InlineData("""{"name":"k","expiry":"7d","scopes":["org:read","org:burn"]}""", "scopes[1]")]
    [InlineData("""{"name":"k","expiry":"7d","scopes":["workflow:run#"]}""", "scopes[0]")]
    [InlineData("""{"name":"k","expiry":"7d","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"k","expiry":"7d","scopes":["org:read"],"partners":["prov_nobody"]}""", "partners[0]")]
    public async Task An_invalid_key_request_names_the_wrong_field(string body, string member)
    {
        var refused = await auth.With(await auth.Key(scopes: KeyScopes)).Post(Keys, body);

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(member);
    }

    [Fact]
    public async Task A_child_has_no_rights_beyond_its_parent()
    {
        var narrow = auth.With(await auth.Key(scopes: KeyScopes, lifetime: TimeSpan.FromDays(20)));
        var partnered = auth.With(await auth.Key(scopes: KeyScopes, partners: ["prov_000"]));

        (await Make(narrow, scopes: ["org:write"])).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await narrow.Post(Keys, new { name = "k", preset = "developer", expiry = "7d" })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await Make(narrow, expiry: "never")).ShouldBeRefused(HttpStatusCode.Forbidden, "expiry_needs_admin");
        (await partnered.Post(Keys, new { name = "k", scopes = new[] { "org:read" }, expiry = "7d", partners = new[] { "prov_123" } }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "partner_exceeds_creator");

        var full = (await narrow.Post(Keys, new { name = "k", preset = "full-access", expiry = "7d" })).ShouldBe(HttpStatusCode.Created);
        full.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()).Should().Equal(KeyScopes);
        var inherited = (await Make(partnered)).ShouldBe(HttpStatusCode.Created);
        (await partnered.Get($"{Keys}/{inherited.Id}")).Json.GetProperty("partners")[0].GetString().Should().Be("prov_000");
    }

    [Theory]
    [InlineData("7d")]
    [InlineData("30d")]
    [InlineData("1y")]
    public async Task A_child_that_would_outlive_its_parent_expires_with_it_and_has_a_warning(string expiry)
    {
        var parent = await auth.Key(scopes: KeyScopes, lifetime: TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        var ends = (await auth.With(parent).Get($"{Keys}/{parent.Id}"))["expiresAt"];

        foreach (var client in new[] { auth.With(parent), auth.WithToken(await auth.Token(parent)) })
        {
            var made = (await Make(client, expiry: expiry)).ShouldBe(HttpStatusCode.Created);
            made["expiresAt"].Should().Be(ends);
            made.Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).Should().Equal("expiry_cut_to_parent");
            (await client.Get($"{Keys}/{made.Id}"))["expiresAt"].Should().Be(ends);
        }

        (await Make(auth.With(await auth.Key(scopes: KeyScopes)), expiry: expiry)).Json.GetProperty("warnings").GetArrayLength()
            .Should().Be(0);
    }

    [Fact]
    public async Task Never_is_refused_and_not_cut_and_a_parent_in_its_last_hour_gets_no_children()
    {
        var ending = auth.With(await auth.Key(scopes: KeyScopes, lifetime: TimeSpan.FromDays(7)));
        var boss = auth.With(await auth.Key(scopes: KeyScopes, role: "aegis:admin", lifetime: TimeSpan.FromDays(7)));
        var old = auth.With(await auth.Key(scopes: KeyScopes, lifetime: TimeSpan.FromMinutes(59)));

        (await Make(ending, ["org:write"], "never")).ShouldBeRefused(HttpStatusCode.Forbidden, "expiry_needs_admin");
        (await Make(boss, expiry: "never")).ShouldBe(HttpStatusCode.Created)["expiresAt"].Should().NotBeNull();
        (await Make(old)).ShouldBeRefused(HttpStatusCode.Forbidden, "expiry_exceeds_parent")["parentExpiresAt"].Should().NotBeNull();
        (await Make(old, expiry: "never")).ShouldBeRefused(HttpStatusCode.Forbidden, "expiry_needs_admin");
        (await Make(auth.With(await auth.Key(scopes: KeyScopes, lifetime: TimeSpan.FromMinutes(61))))).ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("agent:fly", "'agent:fly' is not a scope. See GET /v1/auth/scopes.")]
    [InlineData("agent:read#", "'agent:read#' is not a scope. See GET /v1/auth/scopes.")]
    [InlineData("<b>agent</b>", "This is not a scope. See GET /v1/auth/scopes.")]
    [InlineData("aegis_test_0123456789ABabcdefghijABCDEFGHIJabcdefghijklabcdef", "This is not a scope. See GET /v1/auth/scopes.")]
    public async Task An_unknown_scope_is_named_if_it_looks_like_a_scope(string scope, string sentence)
    {
        var refused = (await Make(auth.With(await auth.Key(scopes: KeyScopes)), ["org:read", scope]))
            .ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");

        refused.Json.GetProperty("errors").GetProperty("scopes[1]")[0].GetString().Should().Be(sentence);
    }

    [Fact]
    public async Task A_scope_for_one_object_allows_only_that_object()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes));
        var nightly = (await Make(owner, ["workflow:run#nightly", "key:create"], "30d")).ShouldBe(HttpStatusCode.Created);

        (await auth.WithToken(nightly["key"]!).Get("/v1/auth/session")).Text.Should().Contain("workflow:run#nightly");
        var child = auth.WithToken(nightly["key"]!);
        (await Make(child, scopes: ["workflow:run"])).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await Make(child, scopes: ["workflow:run#daily"])).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await Make(child, scopes: ["workflow:run#nightly"])).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_admin_makes_keys_that_never_expire()
    {
        var admin = auth.With(await auth.Key("org_platform", ["key:create", "org:read"], role: "aegis:admin"));

        (await Make(admin, expiry: "never")).ShouldBe(HttpStatusCode.Created)["expiresAt"].Should().BeNull();
    }

    [Fact]
    public async Task A_chain_of_keys_has_a_maximum_length()
    {
        var client = auth.With(await auth.Key("org_platform", KeyScopes, role: "aegis:admin"));
        for (var depth = 1; depth <= 5; depth++)
            client = auth.WithToken((await Make(client, KeyScopes, "never")).ShouldBe(HttpStatusCode.Created)["key"]!);

        (await Make(client)).ShouldBeRefused(HttpStatusCode.Conflict, "key_chain_too_long");
    }

    [Fact]
    public async Task An_organization_has_a_maximum_number_of_active_keys()
    {
        await using var app = new AppWith(await AegisApp.Start(("Auth:MostKeys", "1")));

        (await Make(app.App.As("admin"))).ShouldBeRefused(HttpStatusCode.Conflict, "too_many_keys");
    }

    [Fact]
    public async Task Revoking_ends_the_key_its_children_and_their_tokens()
    {
        var key = await auth.Key(scopes: KeyScopes);
        var owner = auth.With(key);
        var parent = (await Make(owner, KeyScopes, "30d")).ShouldBe(HttpStatusCode.Created);
        var child = (await Make(auth.WithToken(parent["key"]!))).ShouldBe(HttpStatusCode.Created);
        var token = (await auth.Anonymous.With("X-Api-Key", child["key"]!)
            .Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        (await owner.Delete($"{Keys}/{parent.Id}")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("revoked");

        foreach (var credential in new[] { parent["key"]!, child["key"]!, token })
            (await auth.WithToken(credential).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await owner.Delete($"{Keys}/{parent.Id}")).ShouldBe(HttpStatusCode.OK);
        (await owner.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await auth.App.CountEvents("key.revoked", child.Id)).Should().Be(1);
    }

    [Fact]
    public async Task Other_users_and_organizations_do_not_see_a_key()
    {
        var made = (await Make(auth.With(await auth.Key(scopes: KeyScopes)))).ShouldBe(HttpStatusCode.Created);
        var colleague = auth.With(await auth.Key(scopes: KeyScopes));
        var foreigner = auth.With(await auth.Key("cons_789", KeyScopes, role: "aegis:admin"));
        var boss = auth.With(await auth.Key(scopes: KeyScopes, role: "aegis:admin"));

        foreach (var other in new[] { colleague, foreigner })
        {
            (await other.Get($"{Keys}/{made.Id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
            (await other.Delete($"{Keys}/{made.Id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
            (await other.Post($"{Keys}/{made.Id}/rotate", new { overlap = "0" })).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
            (await other.Get(Keys)).Text.Should().NotContain(made.Id);
        }

        (await boss.Get($"{Keys}/{made.Id}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_list_shows_when_where_and_by_what_a_key_was_last_used()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes));
        var made = (await Make(owner)).ShouldBe(HttpStatusCode.Created);
        (await auth.WithToken(made["key"]!).With("User-Agent", "reader/1.0").Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        await auth.App.Services.GetRequiredService<KeyUses>().Store(CancellationToken.None);

        var listed = (await owner.Get($"{Keys}?status=active&limit=1")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")[0];
        listed.GetProperty("id").GetString().Should().Be(made.Id);
        listed.GetProperty("lastUsedBy").GetString().Should().Be("reader/1.0");
        listed.GetProperty("lastUsedFrom").GetString().Should().NotBeNullOrEmpty();
        listed.GetProperty("hint").GetString().Should().Be(made["key"]![..23] + "…");
        (await owner.Get($"{Keys}?status=revoked")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await owner.Get($"{Keys}?status=odd")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    private static Task<ApiResponse> Make(ApiClient client, string[]? scopes = null, string expiry = "7d") =>
        client.Post(Keys, new { name = "child", scopes = scopes ?? ["org:read"], expiry });

    private sealed record AppWith(AegisApp App) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
