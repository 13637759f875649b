using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.Sessions;

/// <summary>Who may enrol, replace and reset an authenticator.</summary>
public sealed class SecondFactorTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly string[] AdminScopes = [.. ScopeCatalogue.All];

    [Fact]
    public async Task A_key_made_with_another_key_cannot_enrol_an_authenticator()
    {
        var original = await auth.Key(scopes: ["key:create", "org:read"]);
        var delegated = await Delegated(original);

        (await auth.With(delegated).Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        (await auth.WithToken(await auth.Token(delegated))
            .Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        (await auth.WithToken(await auth.Token(original)).Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_of_an_admin_with_few_scopes_cannot_reset_an_authenticator()
    {
        var narrow = auth.With(await auth.Key(scopes: ["org:read", "org:write"], role: Roles.Admin));
        var admin = await auth.Key(role: Roles.Admin);
        await auth.Enrol(admin);

        (await narrow.Delete($"/v1/auth/users/{admin.UserId}/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");

        (await auth.With(admin).Get("/v1/auth/totp"))["confirmedAt"].Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_key_for_a_pipeline_cannot_confirm_an_authenticator()
    {
        var original = await auth.Key(scopes: ["key:create", "org:read"]);
        var delegated = await Delegated(original);
        var offered = await auth.With(original).Post("/v1/auth/totp");
        var authenticator = new Authenticator(Gateway.FromBase32(offered["secret"]!), auth.Clock);

        (await Confirm(auth.With(delegated), authenticator.Code())).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        (await Confirm(auth.With(original), authenticator.Code())).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_successor_of_an_original_key_is_an_original_key()
    {
        var original = await auth.Key(scopes: ["key:create", "key:revoke"]);
        var rotated = (await auth.With(original)
            .Post($"/v1/auth/keys/{original.Id}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);

        (await auth.WithToken(rotated["key"]!).Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_a_code_every_key_of_the_user_can_replace_the_authenticator_and_the_owner_sees_it()
    {
        var original = await auth.Key(scopes: ["key:create", "org:read"]);
        var delegated = await Delegated(original);
        var owner = auth.With(original);
        (await owner.Get("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK).Text
            .Should().Be("""{"confirmedAt":null,"confirmedWith":null,"pending":false}""");
        var first = await auth.Enrol(original);
        (await owner.Get("/v1/auth/totp"))["confirmedWith"].Should().Be(original.Id);

        var offered = (await auth.With(delegated).Post("/v1/auth/totp", new { totp = first.Code(1) })).ShouldBe(HttpStatusCode.OK);
        (await owner.Get("/v1/auth/totp"))["pending"].Should().Be("True");
        var next = new Authenticator(Gateway.FromBase32(offered["secret"]!), auth.Clock);
        (await Confirm(auth.With(delegated), next.Code())).ShouldBe(HttpStatusCode.NoContent);

        (await owner.Get("/v1/auth/totp"))["confirmedWith"].Should().Be(delegated.Id);
        var events = await Happened(original.UserId);
        events.Should().HaveCount(2).And.OnlyContain(e => e.Action == "totp.enrolled");
        events.Select(e => (e.Details!["keyId"].GetString(), e.Details["replaced"].GetBoolean()))
            .Should().Equal((original.Id, false), (delegated.Id, true));
    }

    [Fact]
    public async Task A_reset_ends_only_what_the_lost_authenticator_had_confirmed()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);
        var (vouched, trusted) = (auth.WithToken(await auth.Token(key)), auth.WithToken(await auth.Token(key)));
        await trusted.Session();
        var id = await vouched.Session(riskScore: 80);
        (await vouched.Post($"/v1/auth/sessions/{id}/step-up", new { totp = authenticator.Code(1) })).ShouldBe(HttpStatusCode.OK);

        (await Admin(await auth.Key(scopes: AdminScopes, role: Roles.Admin), key)).ShouldBe(HttpStatusCode.NoContent);

        (await vouched.Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        (await trusted.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await auth.With(key).Get("/v1/auth/totp"))["confirmedAt"].Should().BeNull();
        (await Happened(key.UserId)).Select(e => e.Action).Should().Equal("totp.enrolled", "totp.reset");
        var another = await auth.Enrol(key);
        another.Secret.Should().NotEqual(authenticator.Secret);
    }

    [Fact]
    public async Task Repeating_a_reset_changes_nothing()
    {
        var key = await auth.Key();
        await auth.Enrol(key);
        var admin = await auth.Key(scopes: AdminScopes, role: Roles.Admin);

        (await Admin(admin, key)).ShouldBe(HttpStatusCode.NoContent);
        (await Admin(admin, key)).ShouldBe(HttpStatusCode.NoContent);

        (await Happened(key.UserId)).Should().ContainSingle(e => e.Action == "totp.reset");
    }

    [Fact]
    public async Task The_platforms_admin_resets_for_anyone_and_both_organizations_see_it()
    {
        var key = await auth.Key();
        await auth.Enrol(key);

        (await auth.App.As("admin").Delete($"/v1/auth/users/{key.UserId}/totp")).ShouldBe(HttpStatusCode.NoContent);

        (await Happened(key.UserId))[^1].Organizations.Should().Equal("cons_456", "org_platform");
    }

    [Fact]
    public async Task Other_callers_cannot_reset_an_authenticator()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);
        var admin = await auth.Key(scopes: AdminScopes, role: Roles.Admin);

        (await Admin(await auth.Key(scopes: AdminScopes), key)).ShouldBeRefused(HttpStatusCode.Forbidden, "admin_only");
        (await Admin(await Delegated(admin), key)).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        (await Admin(admin, admin)).ShouldBeRefused(HttpStatusCode.Forbidden, "totp_own_reset");
        (await Admin(await auth.Key("prov_123", AdminScopes, Roles.Admin), key)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await auth.With(admin).Delete("/v1/auth/users/usr_nobody/totp")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await Admin(await auth.Key(scopes: ["org:read"], role: Roles.Admin), key)).ShouldBeRefused(
            HttpStatusCode.Forbidden, "missing_scope");
        var risky = auth.WithToken(await auth.Token(admin));
        await risky.Session(riskScore: 80);
        (await risky.Delete($"/v1/auth/users/{key.UserId}/totp")).ShouldBeRefused(
            HttpStatusCode.Unauthorized, "insufficient_user_authentication");

        // the authenticator was not changed
        (await auth.With(key).Post("/v1/auth/totp", new { totp = authenticator.Code(1) })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_concurrent_step_up_and_reset_leave_no_session_stepped_up()
    {
        var admin = auth.With(await auth.Key(scopes: AdminScopes, role: Roles.Admin));
        for (var i = 0; i < 5; i++)
        {
            var key = await auth.Key(scopes: ["key:list"]);
            var authenticator = await auth.Enrol(key);
            var client = auth.WithToken(await auth.Token(key));
            var id = await client.Session(riskScore: 80);

            var answers = await Task.WhenAll(
                client.Post($"/v1/auth/sessions/{id}/step-up", new { totp = authenticator.Code(1) }),
                admin.Delete($"/v1/auth/users/{key.UserId}/totp"));

            answers[1].ShouldBe(HttpStatusCode.NoContent);
            var session = (await auth.With(key).Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("status").GetString();
            session.Should().NotBe("active", "the step-up was answered with {0}", answers[0].Status);
        }
    }

    private Task<ApiResponse> Admin(TestKey by, TestKey of) => auth.With(by).Delete($"/v1/auth/users/{of.UserId}/totp");

    /// <summary>Creates a key with this key.</summary>
    private async Task<TestKey> Delegated(TestKey parent)
    {
        var scopes = (await auth.With(parent).Get("/v1/auth/session")).Json.GetProperty("scopes").EnumerateArray()
            .Select(s => s.GetString()).ToArray();
        var made = (await auth.With(parent)
            .Post("/v1/auth/keys", new { name = "pipeline", scopes, expiry = "30d" })).ShouldBe(HttpStatusCode.Created);
        return new TestKey(made["key"]!, made.Id, parent.UserId);
    }

    private static Task<ApiResponse> Confirm(ApiClient client, string code) => client.Post("/v1/auth/totp/confirm", new { totp = code });

    private async Task<List<Kernel.Auditing.AuditFact>> Happened(string userId) =>
        (await auth.App.Happened(userId)).FindAll(e => e.Action.StartsWith("totp.", StringComparison.Ordinal));
}
