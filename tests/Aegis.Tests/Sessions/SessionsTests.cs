using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.Sessions;

public sealed class SessionsTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task A_risky_session_may_only_read_until_it_is_stepped_up()
    {
        var key = await auth.Key(
            scopes: ["org:read", "org:write", "workflow:list", "study:open", "execution:logs", "secret:read#x", "secret:write#x"]);
        var authenticator = await auth.Enrol(key);
        var client = auth.WithToken(await auth.Token(key));
        var id = await client.Session(riskScore: 60);

        (await Scopes(client)).Should().Equal("org:read", "secret:read#x", "workflow:list");
        foreach (var (method, code) in new[] { (HttpMethod.Get, "not_found"), (HttpMethod.Put, "insufficient_user_authentication") })
            (await client.Send(new HttpRequestMessage(method, "/v1/credentials/x/value")))["code"].Should().Be(code);

        (await client.Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK);
        var refused = (await client.Post("/v1/partnerships/prt_1/suspend")).ShouldBeRefused(
            HttpStatusCode.Unauthorized, "insufficient_user_authentication");
        refused.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer error=\"insufficient_user_authentication\"");
        (await client.Post("/v1/transfers/trf_1/destroy")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");

        var steppedUp = (await StepUp(client, id, authenticator.Code(1))).ShouldBe(HttpStatusCode.OK);

        steppedUp["status"].Should().Be("active");
        steppedUp["steppedUpAt"].Should().NotBeNull();
        (await Scopes(client))
            .Should().Equal("execution:logs", "org:read", "org:write", "secret:read#x", "secret:write#x", "study:open", "workflow:list");
        (await client.Post("/v1/partnerships/prt_1/suspend")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData(59, "active")]
    [InlineData(60, "step_up_required")]
    public async Task A_score_of_sixty_requires_a_step_up(double score, string status)
    {
        var client = auth.WithToken(await auth.Token(await auth.Key()));

        await client.Session(riskScore: score);

        (await client.Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("status").GetString().Should().Be(status);
    }

    [Fact]
    public async Task The_step_up_threshold_can_be_configured()
    {
        await using var own = await OwnAuth.Start(("Sessions:StepUpAt", "20"));

        var response = await own.Auth.WithToken(await own.Auth.Token(await own.Auth.Key())).Call("""{"riskSignal":{"riskScore":20}}""");

        response["stepUpRequired"].Should().Be("True");
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);
        var first = auth.WithToken(await auth.Token(key));
        var second = auth.WithToken(await auth.Token(key));
        var (one, two) = (await first.Session(riskScore: 80), await second.Session(riskScore: 80));

        // this code was used to confirm the enrolment
        (await StepUp(first, one, authenticator.Code())).ShouldBeRefused(HttpStatusCode.Conflict, "totp_used");
        (await StepUp(first, one, authenticator.Code(1))).ShouldBe(HttpStatusCode.OK);
        (await StepUp(second, two, authenticator.Code(1))).ShouldBeRefused(HttpStatusCode.Conflict, "totp_used");
    }

    [Fact]
    public async Task A_step_up_is_refused_with_the_right_code()
    {
        var key = await auth.Key();
        var client = auth.WithToken(await auth.Token(key));
        var trusted = await client.Session();
        (await StepUp(client, trusted, "123456")).ShouldBeRefused(HttpStatusCode.Conflict, "totp_not_enrolled");
        var authenticator = await auth.Enrol(key);

        (await StepUp(client, trusted, "12345")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await StepUp(client, trusted, authenticator.Wrong())).ShouldBeRefused(HttpStatusCode.Forbidden, "totp_invalid");
        (await StepUp(client, trusted, authenticator.Code(1))).ShouldBeRefused(HttpStatusCode.Conflict, "step_up_not_required");
        (await StepUp(client, "ses_unknown", authenticator.Code(1))).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Wrong_codes_make_the_next_session_riskier()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);
        var client = auth.WithToken(await auth.Token(key));
        var id = await client.Session(riskScore: 60);
        for (var i = 0; i < 3; i++) await StepUp(client, id, authenticator.Wrong());

        var other = auth.WithToken(await auth.Token(key));
        await other.Session();

        var item = (await other.Get("/v1/auth/sessions")).Json.GetProperty("items")[0];
        item.GetProperty("riskReasons").ToString().Should().Be("""[{"reason":"wrong_codes","points":30}]""");
    }

    [Fact]
    public async Task A_device_becomes_known_by_a_step_up()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);
        await auth.WithToken(await auth.Token(key)).Session("laptop");
        var client = auth.WithToken(await auth.Token(key));
        var id = await client.Session("phone", riskScore: 60);
        (await StepUp(client, id, authenticator.Code(1))).ShouldBe(HttpStatusCode.OK);

        var next = auth.WithToken(await auth.Token(key));
        await next.Session("phone");

        (await next.Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("riskScore").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task An_ended_session_ends_its_token_and_no_other()
    {
        var key = await auth.Key(scopes: ["key:list", "key:revoke"]);
        var (ended, other) = (auth.WithToken(await auth.Token(key)), auth.WithToken(await auth.Token(key)));
        var id = await ended.Session();

        (await other.Delete($"/v1/auth/sessions/{id}")).ShouldBe(HttpStatusCode.NoContent);

        var refused = (await ended.Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        refused.Headers.WwwAuthenticate.ToString().Should().Contain("invalid_token");
        (await ended.Call()).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated", "session_ended");
        (await other.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await auth.With(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await other.Delete($"/v1/auth/sessions/{id}")).ShouldBeRefused(HttpStatusCode.Conflict, "session_already_ended");
        (await other.Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("status").GetString().Should().Be("ended");
    }

    [Fact]
    public async Task A_key_needs_scopes_to_list_and_end_sessions_but_any_token_ends_its_own()
    {
        var key = await auth.Key(scopes: ["study:read"]);
        var (one, two) = (auth.WithToken(await auth.Token(key)), auth.WithToken(await auth.Token(key)));
        var (first, second) = (await one.Session(), await two.Session());
        var person = await auth.Person();

        foreach (var caller in new[] { auth.With(key), two })
        {
            (await caller.Delete($"/v1/auth/sessions/{first}"))
                .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be("key:revoke");
            (await caller.Delete($"/v1/auth/sessions/{person.SessionId}")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        }

        (await auth.With(key).Get("/v1/auth/sessions")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"]
            .Should().Be("key:list");
        (await two.Get("/v1/auth/sessions")).ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()).Should().Equal(second);
        (await one.Delete($"/v1/auth/sessions/{first}")).ShouldBe(HttpStatusCode.NoContent);
        (await one.Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_token_can_end_its_session_before_it_is_created_but_no_other()
    {
        var key = await auth.Key(scopes: ["study:read"]);
        var (own, other) = (await auth.Token(key), await auth.Token(key));
        var (id, others) = (SidOf(own), SidOf(other));

        (await auth.WithToken(own).Delete($"/v1/auth/sessions/{others}")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await auth.WithToken(own).Delete($"/v1/auth/sessions/{id}")).ShouldBe(HttpStatusCode.NoContent);

        (await auth.WithToken(own).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        (await auth.WithToken(own).Call()).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated", "session_ended");
        (await auth.WithToken(other).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        var owner = auth.With(await auth.Key(scopes: ["key:revoke"]));
        (await owner.Delete($"/v1/auth/sessions/{others}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Concurrent_calls_to_end_a_session_end_it_without_an_error()
    {
        var token = await auth.Token(await auth.Key());

        var address = $"/v1/auth/sessions/{SidOf(token)}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => auth.WithToken(token).Delete(address)));

        answers.Select(a => a.Status).Should().Contain(HttpStatusCode.NoContent)
            .And.OnlyContain(s => s == HttpStatusCode.NoContent || s == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_risky_session_can_end_only_itself()
    {
        var key = await auth.Key();
        var (trusted, risky) = (auth.WithToken(await auth.Token(key)), auth.WithToken(await auth.Token(key)));
        var (one, two) = (await trusted.Session(), await risky.Session(riskScore: 90));

        (await risky.Delete($"/v1/auth/sessions/{one}")).ShouldBeRefused(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
        (await risky.Delete($"/v1/auth/sessions/{two}")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Sessions_of_another_user_are_not_visible()
    {
        var id = await auth.WithToken(await auth.Token(await auth.Key())).Session();
        var colleague = auth.With(await auth.Key(scopes: ["key:list", "key:revoke"]));

        (await colleague.Get("/v1/auth/sessions")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await colleague.Delete($"/v1/auth/sessions/{id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await StepUp(colleague, id, "123456")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Sessions_are_listed_in_pages_newest_first()
    {
        var key = await auth.Key(scopes: ["key:list"]);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Insert(0, await auth.WithToken(await auth.Token(key)).Session());

        var first = await auth.With(key).Get("/v1/auth/sessions?limit=2");
        var second = await auth.With(key).Get($"/v1/auth/sessions?limit=2&cursor={first["nextCursor"]}");

        first.Json.GetProperty("items").EnumerateArray().Concat(second.Json.GetProperty("items").EnumerateArray())
            .Select(i => i.GetProperty("id").GetString()).Should().Equal(ids);
        second["nextCursor"].Should().BeNull();
    }

    [Fact]
    public async Task Changes_of_a_session_are_in_the_audit_trail()
    {
        var key = await auth.Key(scopes: ["audit:read", "key:revoke"], role: Roles.Operator);
        var authenticator = await auth.Enrol(key);
        var client = auth.WithToken(await auth.Token(key));
        var id = await client.Session(riskScore: 60);
        await client.Session(riskScore: 70);
        await StepUp(client, id, authenticator.Code(1));
        (await auth.With(key).Delete($"/v1/auth/sessions/{id}")).ShouldBe(HttpStatusCode.NoContent);

        var actions = (await auth.With(key).Get($"/v1/audit?object={id}")).Json.GetProperty("items").EnumerateArray()
            .Select(e => e.GetProperty("action").GetString()).ToList();
        var enrolled = (await auth.With(key).Get($"/v1/audit?object={key.UserId}")).Json.GetProperty("items").EnumerateArray()
            .Select(e => e.GetProperty("action").GetString());

        actions.Should().Contain(
            ["session.created", "session.reassessed", "session.stepped_up", "session.ended", "DELETE /v1/auth/sessions/{id}"]);
        enrolled.Should().Contain("totp.enrolled");
    }

    private static string SidOf(string token) =>
        new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).GetPayloadValue<string>("sid");

    private static Task<ApiResponse> StepUp(ApiClient client, string id, string code) =>
        client.Post($"/v1/auth/sessions/{id}/step-up", new { totp = code });

    private static async Task<string[]> Scopes(ApiClient client) =>
        [.. (await client.Get("/v1/auth/session")).Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()!)];
}
