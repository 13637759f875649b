using Aegis.Auth.Access.Permissions;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Auth;

/// <summary>
/// Tokens that were requested with fewer scopes than their key has: they pass on the rights of the token, not those of the key.
/// </summary>
public sealed class NarrowedTokenTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Keys = "/v1/auth/keys";
    private static readonly string[] Wide = ["key:create", "key:list", "key:read", "key:revoke", "secret:read", "study:destroy",
        "study:open", "workflow:run"];

    [Theory]
    [InlineData("key:create key:revoke")]
    [InlineData("key:create key:list key:read key:revoke secret:read study:destroy study:open workflow:run#nightly")]
    public async Task A_narrowed_token_cannot_rotate_its_own_key(string scope)
    {
        var key = await auth.Key(scopes: Wide);
        var narrowed = await auth.Narrowed(key, scope);

        var refused = await narrowed.Post($"{Keys}/{key.Id}/rotate", new { overlap = "24h" });

        refused.ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        refused.Json.GetProperty("scopes").EnumerateArray().Should().NotBeEmpty();
        (await auth.With(key).Get($"{Keys}/{key.Id}"))["replacedBy"].Should().BeNull();
        (await auth.WithToken(await auth.Token(key)).Post($"{Keys}/{key.Id}/rotate", new { overlap = "0" }))
            .ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_narrowed_token_rotates_only_children_within_its_rights()
    {
        var key = await auth.Key(scopes: Wide);
        var wide = (await auth.With(key).Post(Keys, new { name = "wide", scopes = Wide, expiry = "7d" })).ShouldBe(HttpStatusCode.Created);
        var small = (await auth.With(key).Post(Keys, new { name = "small", scopes = new[] { "workflow:run#nightly" }, expiry = "7d" }))
            .ShouldBe(HttpStatusCode.Created);
        var narrowed = await auth.Narrowed(key, "key:create key:revoke workflow:run");

        (await narrowed.Post($"{Keys}/{wide.Id}/rotate", new { overlap = "0" }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await narrowed.Post($"{Keys}/{small.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_narrowed_token_makes_keys_within_its_own_rights()
    {
        var narrowed = await auth.Narrowed(await auth.Key(scopes: Wide), "key:create workflow:run#nightly");

        var made = (await narrowed.Post(Keys, new { name = "k", preset = "full-access", expiry = "7d" })).ShouldBe(HttpStatusCode.Created);
        made.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()).Should().Equal("key:create", "workflow:run#nightly");
        made.Json.GetProperty("warnings").GetArrayLength().Should().Be(0);
        foreach (var beyond in new[] { "workflow:run", "workflow:run#daily", "study:open" })
        {
            (await narrowed.Post(Keys, new { name = "k", scopes = new[] { beyond }, expiry = "7d" }))
                .ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator").Json.GetProperty("scopes")[0].GetString()
                    .Should().Be(beyond);
        }
    }

    /// <summary>Its children expire with the key of the token, not with the token, which always lives 15 minutes.</summary>
    [Fact]
    public async Task A_key_made_by_a_narrowed_token_expires_with_the_key_of_the_token()
    {
        var parent = await auth.Key(scopes: Wide, lifetime: TimeSpan.FromDays(3));
        var narrowed = await auth.Narrowed(parent, "key:create workflow:run");

        var made = (await narrowed.Post(Keys, new { name = "k", scopes = new[] { "workflow:run" }, expiry = "7d" })).ShouldBe(
            HttpStatusCode.Created);

        made.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .Should().BeCloseTo(auth.Clock.GetUtcNow().AddDays(3), TimeSpan.FromMinutes(1));
        made.Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).Should().Equal("expiry_cut_to_parent");
        await auth.Revoke(parent);
        (await auth.WithToken(made["key"]!).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task A_key_of_a_demoted_user_can_still_rotate_itself()
    {
        var key = await auth.Key(scopes: ["key:create", "key:revoke", "stack:up"], role: Roles.Operator); // more than the role allows

        var fresh = (await auth.With(key).Post($"{Keys}/{key.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);

        (await auth.WithToken(fresh["key"]!).Get("/v1/auth/session")).Text.Should().NotContain("stack:up");
    }

    [Fact]
    public async Task A_narrowed_login_makes_keys_that_end_with_it_and_rotates_no_longer_lived_one()
    {
        var person = await auth.Person();
        var whole = auth.WithToken((await auth.DeviceLogin(person))["access_token"]!);
        var own = (await whole.Post(Keys, new { name = "own", scopes = new[] { "study:read" }, expiry = "30d" }))
            .ShouldBe(HttpStatusCode.Created);
        var narrow = auth.WithToken((await auth.DeviceLogin(person, "key:create key:revoke study:read"))["access_token"]!);

        var made = (await narrow.Post(Keys, new { name = "k", scopes = new[] { "study:read" }, expiry = "7d" }))
            .ShouldBe(HttpStatusCode.Created);

        made.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .Should().BeCloseTo(auth.Clock.GetUtcNow().AddHours(24), TimeSpan.FromMinutes(1));
        made.Json.GetProperty("warnings")[0].GetString().Should().Be("expiry_cut_to_parent");
        (await narrow.Post($"{Keys}/{own.Id}/rotate", new { overlap = "0" }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "expiry_exceeds_parent")
            ["parentExpiresAt"].Should().NotBeNull();
        (await narrow.Post($"{Keys}/{made.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);
        (await whole.Post($"{Keys}/{own.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Narrowed_tokens_of_every_kind_cannot_enrol_confirm_or_reset_an_authenticator()
    {
        var key = await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin);
        var dealing = await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin, partners: ["prov_123"]);
        var readers = Roles.Cap(null).Append("org:write").ToArray();
        var other = await auth.Key(role: null);
        ApiClient[] all =
        [
            await auth.Narrowed(key, "study:read"), await auth.Narrowed(key, string.Join(' ', readers)),
                await auth.Narrowed(key, "org:write workflow:run#nightly"),
            auth.With(dealing), auth.WithToken(await auth.Token(dealing)),
        ];

        foreach (var narrowed in all)
        {
            (await narrowed.Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "token_narrowed");
            (await narrowed.Post("/v1/auth/totp", new { totp = "123456" })).ShouldBeRefused(HttpStatusCode.Forbidden, "token_narrowed");
            (await narrowed.Post("/v1/auth/totp/confirm", new { totp = "123456" }))
                .ShouldBeRefused(HttpStatusCode.Forbidden, "token_narrowed");
            (await narrowed.Delete($"/v1/auth/users/{other.UserId}/totp")).Status.Should().Be(HttpStatusCode.Forbidden);
        }

        (await all[1].Delete($"/v1/auth/users/{other.UserId}/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "token_narrowed");
        (await auth.WithToken(await auth.Token(key)).Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_narrowed_login_cannot_replace_an_authenticator_even_with_a_code()
    {
        var person = await auth.Person();
        var whole = auth.WithToken((await auth.DeviceLogin(person))["access_token"]!);
        var offered = (await whole.Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
        var authenticator = new Authenticator(Gateway.FromBase32(offered["secret"]!), auth.Clock);
        (await whole.Post("/v1/auth/totp/confirm", new { totp = authenticator.Code() })).ShouldBe(HttpStatusCode.NoContent);
        var narrow = auth.WithToken((await auth.DeviceLogin(person, "study:read"))["access_token"]!);

        (await narrow.Post("/v1/auth/totp", new { totp = authenticator.Code(1) }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "login_narrowed");
        (await whole.Post("/v1/auth/totp", new { totp = authenticator.Code(1) })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_narrowed_token_steps_up_only_its_own_session()
    {
        var key = await auth.Key(scopes: Wide);
        var authenticator = await auth.Enrol(key);
        var (wide, narrow) = (auth.WithToken(await auth.Token(key)), await auth.Narrowed(key, "study:open"));
        var (one, two) = (await wide.Session(riskScore: 80), await narrow.Session(riskScore: 80));

        (await narrow.Post($"/v1/auth/sessions/{one}/step-up", new { totp = authenticator.Code(1) }))
            .ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await narrow.Post($"/v1/auth/sessions/{two}/step-up", new { totp = authenticator.Code(1) })).ShouldBe(HttpStatusCode.OK);
        auth.Clock.Advance(TimeSpan.FromSeconds(30));
        (await auth.With(key).Post($"/v1/auth/sessions/{one}/step-up", new { totp = authenticator.Code(2) })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_a_platform_admin_with_all_rights_sees_a_claim_address()
    {
        var application = await auth.InReview();
        var key = await auth.Key("org_platform", [.. ScopeCatalogue.All], Roles.Admin);
        var ending = await auth.Key("org_platform", [.. ScopeCatalogue.All], Roles.Admin, lifetime: TimeSpan.FromDays(90));
        ApiClient[] all = [await auth.Narrowed(key, "tenant:onboard"),
            auth.With(await auth.Key("org_platform", ["tenant:onboard"], Roles.Admin)), auth.With(ending)];

        foreach (var less in all)
            (await less.Post($"/v1/applications/{application}/approve")).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await auth.WithToken(await auth.Token(key)).Post($"/v1/applications/{application}/approve")).ShouldBe(HttpStatusCode.OK);
        foreach (var less in all)
            (await less.Post($"/v1/applications/{application}/claim")).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
    }

    [Fact]
    public async Task A_key_that_expires_cannot_create_a_user()
    {
        var ending = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin, lifetime: TimeSpan.FromDays(90)));
        var user = await auth.Key(role: null);

        (await ending.Post("/v1/users", new { email = $"{user.UserId}@example.net", name = "A" }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await ending.Post($"/v1/users/{user.UserId}/invitation")).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await ending.Patch($"/v1/users/{user.UserId}", new { role = "aegis:operator" }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await ending.Patch($"/v1/users/{user.UserId}", new { disabled = true })).ShouldBe(HttpStatusCode.OK);
        (await ending.Patch($"/v1/users/{user.UserId}", new { disabled = false }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await ending.Delete($"/v1/users/{user.UserId}")).ShouldBe(HttpStatusCode.NoContent);
    }
}

internal static class NarrowedTokens
{
    /// <summary>A token of the key with these scopes only.</summary>
    public static async Task<ApiClient> Narrowed(this AuthApp auth, TestKey key, string scope)
    {
        var answer = (await auth.Anonymous.Form(
            Persons.TokenPath, ("grant_type", "client_credentials"), ("client_id", key.Id), ("client_secret", key.Text),
                ("scope", scope))).ShouldBe(HttpStatusCode.OK);
        return auth.WithToken(answer["access_token"]!);
    }
}
