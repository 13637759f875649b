namespace Aegis.Tests.Auth;

/// <summary>Refresh tokens (RFC 6749 §6, RFC 9700 §4.14): each works once, and a second use ends the login.</summary>
public sealed class RefreshTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task A_refresh_token_returns_the_next_tokens_of_the_same_login()
    {
        var tokens = await auth.DeviceLogin(await auth.Person());
        auth.Clock.Advance(TimeSpan.FromMinutes(15));
        (await auth.WithToken(tokens["access_token"]!)
            .Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "token_expired");

        var next = (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);

        next["refresh_token"].Should().NotBe(tokens["refresh_token"]);
        next.Json.GetProperty("refresh_expires_in").GetInt32().Should().BeInRange(85_490, 85_500); // of the login, not of the token
        (await auth.WithToken(next["access_token"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await auth.WithToken(next["access_token"]!).Get("/v1/auth/sessions")).Json.GetProperty("items").EnumerateArray()
            .Should().ContainSingle(s => s.GetProperty("current").GetBoolean() && s.GetProperty("client").GetString() == "aegis-cli");
    }

    [Fact]
    public async Task OpenID_scopes_alone_refresh_a_login_that_started_with_them_and_widen_none()
    {
        var whole = await auth.DeviceLogin(await auth.Person(), "openid offline_access");
        var narrowed = await auth.DeviceLogin(await auth.Person(), "openid study:read");

        var (again, less) = (whole["refresh_token"]!, narrowed["refresh_token"]!);

        (await auth.Refresh(again, "openid offline_access")).ShouldBe(HttpStatusCode.OK)["scope"].Should().Be(whole["scope"]);
        (await auth.Refresh(less, "openid")).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_scope");
        (await auth.Refresh(less, "openid study:read")).ShouldBe(HttpStatusCode.OK)["scope"].Should().Be("study:read");
    }

    [Fact]
    public async Task A_repeat_returns_the_same_successor_until_it_is_used()
    {
        var first = (await auth.DeviceLogin(await auth.Person()))["refresh_token"]!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => auth.Refresh(first)));
        auth.Clock.Advance(TimeSpan.FromSeconds(20));
        var last = await auth.Refresh(first);

        answers.Append(last).Select(a => a.ShouldBe(HttpStatusCode.OK)["refresh_token"]).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reused_refresh_token_ends_the_login(bool successorUsed)
    {
        var person = await auth.Person();
        var tokens = await auth.DeviceLogin(person);
        var next = (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);
        if (successorUsed) (await auth.Refresh(next["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);
        else auth.Clock.Advance(TimeSpan.FromSeconds(30));

        (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");

        (await auth.Refresh(next["refresh_token"]!)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        (await auth.WithToken(next["access_token"]!).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        (await auth.App.NamesOf(person.UserId, "session.")).Should().Contain(["session.refresh_reused", "session.ended"]);
        (await person.Caller()).UserId.Should().Be(person.UserId); // the login in the browser is separate
    }

    [Fact]
    public async Task A_text_that_looks_like_a_refresh_token_ends_no_login()
    {
        var token = (await auth.DeviceLogin(await auth.Person()))["refresh_token"]!;
        var parts = token.Split('_');
        var forged = $"aegis_rt_{parts[2]}_0_{new string('A', 43)}";

        foreach (var junk in new[] { forged, token.Replace("_0_", "_7_", StringComparison.Ordinal), token[..^1], "aegis_rt_", "x",
            $"aegis_rt_{new string('0', 26)}_0_{new string('A', 43)}" })
            (await auth.Refresh(junk)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");

        (await auth.Refresh(token)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_login_ends_after_24_hours_even_if_it_is_refreshed()
    {
        var token = (await auth.DeviceLogin(await auth.Person()))["refresh_token"]!;
        for (var hour = 0; hour < 23; hour++)
        {
            auth.Clock.Advance(TimeSpan.FromHours(1));
            token = (await auth.Refresh(token)).ShouldBe(HttpStatusCode.OK)["refresh_token"]!;
        }

        auth.Clock.Advance(TimeSpan.FromMinutes(59));
        var last = (await auth.Refresh(token)).ShouldBe(HttpStatusCode.OK);
        last.Json.GetProperty("expires_in").GetInt32().Should().BeLessThanOrEqualTo(60);
        auth.Clock.Advance(TimeSpan.FromMinutes(1));

        (await auth.Refresh(last["refresh_token"]!)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        (await auth.WithToken(last["access_token"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_can_be_requested_with_fewer_scopes()
    {
        var tokens = await auth.DeviceLogin(await auth.Person(), "study:read study:open");

        var less = (await auth.Refresh(tokens["refresh_token"]!, "study:read")).ShouldBe(HttpStatusCode.OK);

        less["scope"].Should().Be("study:read");
        (await auth.Refresh(less["refresh_token"]!, "study:read key:create")).ShouldBe(HttpStatusCode.BadRequest)["error"]
            .Should().Be("invalid_scope");
        (await auth.Refresh(less["refresh_token"]!)).ShouldBe(HttpStatusCode.OK)["scope"].Should().Be("study:open study:read");
    }

    [Fact]
    public async Task A_scope_beyond_the_role_is_refused_and_one_for_a_named_object_is_allowed()
    {
        var tokens = await auth.DeviceLogin(await auth.Person());

        (await auth.Refresh(tokens["refresh_token"]!, "node:shutdown")).ShouldBe(HttpStatusCode.BadRequest)["error"]
            .Should().Be("invalid_scope");
        (await auth.Refresh(tokens["refresh_token"]!, "workflow:run#nightly")).ShouldBe(HttpStatusCode.OK)["scope"]
            .Should().Be("workflow:run#nightly");
    }

    [Fact]
    public async Task A_login_keeps_the_scopes_that_the_person_approved_when_the_role_grows()
    {
        var person = await auth.Person(role: null);
        var tokens = await auth.DeviceLogin(person, "study:read key:create");

        await auth.Change(db => db.Users.Where(u => u.Id == person.UserId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.Role, "aegis:admin")));

        (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.OK)["scope"].Should().Be("study:read");
    }

    [Fact]
    public async Task A_program_with_a_narrowed_login_sees_and_ends_only_its_own_login()
    {
        var person = await auth.Person();
        var narrow = auth.WithToken((await auth.DeviceLogin(person, "study:read"))["access_token"]!);
        var whole = auth.WithToken((await auth.DeviceLogin(person))["access_token"]!);

        var seen = (await narrow.Get("/v1/auth/sessions")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");

        seen.GetArrayLength().Should().Be(1);
        seen[0].GetProperty("current").GetBoolean().Should().BeTrue();
        (await narrow.Delete($"/v1/auth/sessions/{person.SessionId}"))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be("key:revoke");
        var ender = auth.WithToken((await auth.DeviceLogin(person, "key:list key:revoke"))["access_token"]!);
        (await ender.Get("/v1/auth/sessions")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        (await ender.Delete($"/v1/auth/sessions/{person.SessionId}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        var own = (await ender.Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        (await ender.Delete($"/v1/auth/sessions/{own}")).ShouldBe(HttpStatusCode.NoContent);
        (await whole.Get("/v1/auth/sessions")).Json.GetProperty("items").GetArrayLength().Should().Be(4);
        (await whole.Delete($"/v1/auth/sessions/{person.SessionId}")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Keys_made_by_people_cannot_change_how_users_sign_in()
    {
        var admin = auth.WithToken((await auth.DeviceLogin(await auth.Person(role: "aegis:admin")))["access_token"]!);
        var made = (await admin.Post("/v1/auth/keys", new { name = "ci", preset = "full-access", expiry = "7d" })).ShouldBe(
            HttpStatusCode.Created);
        var rotated = (await admin.Post($"/v1/auth/keys/{made["id"]}/rotate", new { overlap = "1h" })).ShouldBe(HttpStatusCode.Created);
        var user = new { email = "somebody@example.org", name = "Somebody", role = (string?)null };

        foreach (var key in new[] { made, rotated })
            (await auth.WithToken(key["key"]!).Post("/v1/users", user)).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        (await admin.Post("/v1/users", user)).ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    public async Task A_program_that_logs_out_ends_its_login_everywhere(string which)
    {
        var person = await auth.Person();
        var (tokens, other) = (await auth.DeviceLogin(person), await auth.DeviceLogin(person));
        (await auth.WithToken(tokens["access_token"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < 2; i++)
            (await auth.Anonymous.Form(Persons.RevokePath, ("client_id", "aegis-cli"), ("token", tokens[which]!))).ShouldBe(
                HttpStatusCode.OK).Body.Should().BeEmpty();

        (await auth.WithToken(tokens["access_token"]!)
            .Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        (await auth.Refresh(other["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_program_cannot_end_another_programs_login()
    {
        var key = await auth.Key();
        var token = await auth.Token(key);

        foreach (var one in new[] { key.Text, token, "junk" })
            (await auth.Anonymous.Form(Persons.RevokePath, ("client_id", "aegis-cli"), ("token", one))).ShouldBe(HttpStatusCode.OK);

        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await auth.Anonymous.Form(Persons.RevokePath, ("client_id", "nobody"), ("token", token))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_disabled_user_gets_no_tokens_and_its_tokens_end()
    {
        var person = await auth.Person();
        var tokens = await auth.DeviceLogin(person);

        await auth.Change(db => db.Users.Where(u => u.Id == person.UserId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, auth.Clock.GetUtcNow())));

        (await auth.WithToken(tokens["access_token"]!)
            .Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "user_disabled");
        (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        await auth.Change(db => db.Users.Where(u => u.Id == person.UserId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, (DateTimeOffset?)null)));
        (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_tokens_of_a_demoted_user_have_the_new_role_at_once()
    {
        var person = await auth.Person(role: "aegis:admin");
        var tokens = await auth.DeviceLogin(person);
        tokens["scope"].Should().Contain("node:drain");

        await auth.Change(db => db.Users.Where(u => u.Id == person.UserId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.Role, (string?)null)));

        var scopes = (await auth.WithToken(tokens["access_token"]!).Get("/v1/auth/session")).Json.GetProperty("scopes").EnumerateArray()
            .Select(s => s.GetString()).ToList();
        scopes.Should().NotContain("node:drain").And.NotContain("key:create").And.Contain("study:read");
        (await auth.Refresh(tokens["refresh_token"]!))["scope"].Should().NotContain("node:drain");
    }

    [Fact]
    public async Task Another_host_accepts_the_refresh_token()
    {
        var first = (await auth.DeviceLogin(await auth.Person()))["refresh_token"]!;
        var second = await auth.App.StartAnotherHost();
        try
        {
            var there = new AuthAppAt(second);
            var answers = await Task.WhenAll(auth.Refresh(first), there.Refresh(first));

            answers.Select(a => a.ShouldBe(HttpStatusCode.OK)["refresh_token"]).Distinct().Should().ContainSingle();
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_persons_token_makes_keys_that_outlive_the_login()
    {
        var person = await auth.Person();
        var caller = auth.WithToken((await auth.DeviceLogin(person))["access_token"]!);

        var made = (await caller.Post("/v1/auth/keys", new { name = "ci", preset = "read-only", expiry = "30d" })).ShouldBe(
            HttpStatusCode.Created);
        (await caller.Post("/v1/auth/keys", new { name = "ci", preset = "read-only", expiry = "never" })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "expiry_needs_admin");
        var rotated = (await caller.Post($"/v1/auth/keys/{made["id"]}/rotate", new { overlap = "0" })).ShouldBe(HttpStatusCode.Created);

        auth.Clock.Advance(TimeSpan.FromHours(25));
        (await auth.WithToken(rotated["key"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK)["userId"].Should().Be(person.UserId);
    }

    private sealed record AuthAppAt(AegisApp Host)
    {
        public Task<ApiResponse> Refresh(string token) => AuthApp.On(Host).Refresh(token);
    }
}
