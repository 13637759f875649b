namespace Aegis.Tests.Auth;

/// <summary>The rotation of keys, and leaked keys.</summary>
public sealed class KeyRotationTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Keys = "/v1/auth/keys";
    private static readonly string[] KeyScopes = ["key:create", "key:list", "key:read", "key:revoke", "org:read"];

    [Theory]
    [InlineData("15m", 15)]
    [InlineData("1h", 60)]
    [InlineData("24h", 24 * 60)]
    public async Task The_old_key_works_until_the_overlap_ends(string overlap, int minutes)
    {
        await using var app = await AegisAppOf.Start();
        var owner = app.Client(await app.Auth.Key(scopes: KeyScopes));
        var old = (await Make(owner)).ShouldBe(HttpStatusCode.Created);
        var fresh = (await owner.Post($"{Keys}/{old.Id}/rotate", new { overlap })).ShouldBe(HttpStatusCode.Created);
        fresh["name"].Should().Be(old["name"]);
        fresh["expiresAt"].Should().Be(old["expiresAt"]);

        app.Auth.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(30));
        (await app.Auth.WithToken(old["key"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        app.Auth.Clock.Advance(TimeSpan.FromSeconds(31));

        (await app.Auth.WithToken(old["key"]!).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_expired");
        (await app.Auth.WithToken(fresh["key"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await owner.Get($"{Keys}/{old.Id}"))["replacedBy"].Should().Be(fresh.Id);
        (await owner.Post($"{Keys}/{old.Id}/rotate", new { overlap })).ShouldBeRefused(HttpStatusCode.Conflict, "key_not_active");
    }

    [Fact]
    public async Task Without_overlap_the_old_key_and_its_tokens_end_at_once()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes));
        var old = (await Make(owner)).ShouldBe(HttpStatusCode.Created);
        var token = (await auth.Anonymous.With("X-Api-Key", old["key"]!)
            .Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        (await owner.Post($"{Keys}/{old.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);

        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await auth.WithToken(old["key"]!).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task Children_move_to_the_new_key_and_are_revoked_with_it()
    {
        var owner = auth.With(await auth.Key(scopes: KeyScopes));
        var old = (await Make(owner, KeyScopes)).ShouldBe(HttpStatusCode.Created);
        var child = (await Make(auth.WithToken(old["key"]!))).ShouldBe(HttpStatusCode.Created);

        var fresh = (await owner.Post($"{Keys}/{old.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);

        (await auth.WithToken(child["key"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await owner.Get($"{Keys}/{child.Id}"))["parentId"].Should().Be(fresh.Id);
        (await owner.Delete($"{Keys}/{fresh.Id}")).ShouldBe(HttpStatusCode.OK);
        (await auth.WithToken(child["key"]!).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task A_key_with_fewer_rights_cannot_replace_one_with_more()
    {
        var wide = await auth.Key(scopes: [.. KeyScopes, "study:read"]);
        var narrow = (await Make(auth.With(wide), ["key:create", "key:revoke"])).ShouldBe(HttpStatusCode.Created);

        (await auth.WithToken(narrow["key"]!).Post($"{Keys}/{wide.Id}/rotate", new { overlap = "24h" }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_below");
        (await auth.WithToken(narrow["key"]!).Post($"{Keys}/{narrow.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_rotates_only_itself_and_its_descendants()
    {
        var owner = await auth.Key(scopes: KeyScopes);
        var first = (await Make(auth.With(owner), KeyScopes)).ShouldBe(HttpStatusCode.Created);
        var second = (await Make(auth.With(owner), KeyScopes)).ShouldBe(HttpStatusCode.Created);
        var boss = await auth.Key(scopes: KeyScopes, role: "aegis:admin");

        foreach (var other in new[] { second["key"]!, boss.Text })
            (await auth.WithToken(other)
                .Post($"{Keys}/{first.Id}/rotate", new { overlap = "24h" })).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_below");

        (await auth.With(owner).Post($"{Keys}/{first.Id}/rotate", new { overlap = "24h" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_key_of_a_demoted_user_replaces_no_key_with_more_rights()
    {
        var owner = await auth.Key(scopes: [.. KeyScopes, "stack:up"], role: "aegis:admin");
        var child = (await Make(auth.With(owner), ["stack:up", "org:read"])).ShouldBe(HttpStatusCode.Created);

        await auth.Change(db => db.Users.Where(u => u.Id == owner.UserId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.Role, "aegis:operator")));

        (await auth.With(owner).Post($"{Keys}/{child.Id}/rotate", new { overlap = "0" })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "scope_exceeds_creator");
    }

    [Fact]
    public async Task Rotating_needs_both_scopes()
    {
        var key = await auth.Key(scopes: ["key:create"]);

        var refused = await auth.With(key).Post($"{Keys}/{key.Id}/rotate", new { overlap = "0" });

        refused.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be("key:revoke");
        (await auth.With(await auth.Key(scopes: KeyScopes)).Post($"{Keys}/{key.Id}/rotate", new { overlap = "2h" }))
            .ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Anyone_who_has_a_key_can_report_it_and_so_revoke_it()
    {
        var key = await auth.Key();
        var wrongSecret = key.Text[..23] + Aegis.Auth.Access.Keys.KeyText.Draw(isTest: true).Text[23..];
        (await auth.Anonymous.Post($"{Keys}/report-leak", new { key = wrongSecret })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await auth.Anonymous.Post($"{Keys}/report-leak", new { key = Aegis.Auth.Access.Keys.KeyText.Draw(isTest: true).Text }))
            .ShouldBeRefused(HttpStatusCode.NotFound, "key_unknown");

        (await auth.Anonymous.Post($"{Keys}/report-leak", new { key = key.Text })).ShouldBe(HttpStatusCode.OK)["keyId"].Should().Be(key.Id);
        (await auth.Anonymous.Post($"{Keys}/report-leak", new { key = key.Text })).ShouldBe(HttpStatusCode.OK);

        (await auth.With(key).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await auth.App.CountEvents("key.revoked", key.Id)).Should().Be(1);
    }

    [Theory]
    [InlineData("note=")]
    [InlineData("api_key=")]
    [InlineData("")] // the key is sent as a parameter name without a value
    public async Task A_key_in_a_URL_is_refused_and_its_owner_is_told_once(string parameter)
    {
        var key = await auth.Key(scopes: KeyScopes);

        for (var i = 0; i < 2; i++)
        {
            (await auth.With(key).Get($"/v1/auth/session?{parameter}{key.Text}"))
                .ShouldBeRefused(HttpStatusCode.BadRequest, "credential_in_url").Text.Should().NotContain(key.Text);
        }

        (await auth.App.CountEvents("key.exposed", key.Id)).Should().Be(1);
        (await auth.With(key).Get($"{Keys}/{key.Id}"))["exposedAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_token_in_a_URL_is_refused_under_any_name()
    {
        var token = await auth.Token(await auth.Key());

        (await auth.Anonymous.Get($"/v1/auth/session?q={token}")).ShouldBeRefused(HttpStatusCode.BadRequest, "credential_in_url");
    }

    private static Task<ApiResponse> Make(ApiClient client, string[]? scopes = null) =>
        client.Post(Keys, new { name = "child", scopes = scopes ?? ["org:read"], expiry = scopes is null ? "7d" : "30d" });

    /// <summary>A separate app, for tests that move the clock.</summary>
    private sealed record AegisAppOf(AuthApp Auth) : IAsyncDisposable
    {
        public static async Task<AegisAppOf> Start()
        {
            var auth = new AuthApp();
            await auth.InitializeAsync();
            return new AegisAppOf(auth);
        }

        public ApiClient Client(TestKey key) => Auth.With(key);

        public async ValueTask DisposeAsync() => await Auth.DisposeAsync();
    }
}
