using Aegis.Auth.People.Device;
using Aegis.Auth.People.Logins;
using Aegis.Kernel.Web.Refusals;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.Auth;

/// <summary>The device authorization grant (RFC 8628) of Aegis.</summary>
public sealed class DeviceLoginTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20); // the test clock keeps running

    [Fact]
    public async Task An_approved_program_gets_tokens_of_the_person()
    {
        var person = await auth.Person();
        var begun =
            (await auth.Anonymous.Form(Persons.DevicePath, ("client_id", "aegis-cli"), ("scope", "openid offline_access"))).ShouldBe(
                HttpStatusCode.OK);
        begun["user_code"].Should().MatchRegex("^[BCDFGHJKMNPQRSTVWXZ]{4}-[0-9]{4}$");
        begun["verification_uri"].Should().EndWith("/realms/aegis-system/device");
        begun["verification_uri_complete"].Should().Be($"{begun["verification_uri"]}?user_code={begun["user_code"]}");
        begun.Json.GetProperty("expires_in").GetInt32().Should().Be(600);
        begun.Json.GetProperty("interval").GetInt32().Should().Be(5);
        begun.Headers.CacheControl!.NoStore.Should().BeTrue();
        var codes = new Codes(begun["device_code"]!, begun["user_code"]!);
        (await auth.Poll(codes)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("authorization_pending");

        await person.Approve(codes.User.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        var tokens = (await auth.Poll(codes)).ShouldBe(HttpStatusCode.OK);

        tokens["token_type"].Should().Be("Bearer");
        tokens.Json.GetProperty("expires_in").GetInt32().Should().Be(900);
        tokens.Json.GetProperty("refresh_expires_in").GetInt32().Should().BeInRange(86_390, 86_400);
        tokens.Headers.CacheControl!.NoStore.Should().BeTrue();
        var me = (await auth.WithToken(tokens["access_token"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        me["subject"].Should().Be(person.UserId);
        me.Json.GetProperty("keyId").ValueKind.Should().Be(JsonValueKind.Null);
        me.Json.GetProperty("roles")[0].GetString().Should().Be("aegis:operator");
        me.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString())
            .Should().Contain("key:create").And.NotContain("node:drain");
        var claims = Payload(tokens["access_token"]!);
        claims.GetProperty("sub").GetString().Should().Be(person.UserId);
        claims.TryGetProperty("akid", out _).Should().BeFalse();
        var id = Payload(tokens["id_token"]!);
        id.GetProperty("aud").GetString().Should().Be("aegis-cli");
        id.GetProperty("email").GetString().Should().Be(person.Email);
        id.GetProperty("amr").EnumerateArray().Select(a => a.GetString()).Should().Equal("pwd", "otp");
        (await auth.WithToken(tokens["id_token"]!).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "token_invalid");
        (await auth.App.NamesOf(claims.GetProperty("sid").GetString()!)).Should().Contain("session.created");
    }

    [Fact]
    public async Task The_name_of_a_program_cannot_change_the_text_of_the_page()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, Persons.DevicePath)
        { Content = new FormUrlEncodedContent([new("client_id", "aegis-cli")]) };
        request.Headers.TryAddWithoutValidation("User-Agent", "\u202Elooks\u2066 like\u200B another \U0001F600").Should().BeTrue();
        using var http = new HttpClient(
                new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 })
        {
            BaseAddress = auth.App.BaseAddress
        };
        var begun = System.Text.Json.JsonDocument.Parse(await (await http.SendAsync(request)).Content.ReadAsStringAsync()).RootElement;

        var asked = await (await auth.Person()).Look(begun.GetProperty("user_code").GetString()!);

        asked.Agent.Should().Be("looks like another \U0001F600");
    }

    [Fact]
    public async Task A_program_with_a_narrowed_login_cannot_enrol_an_authenticator()
    {
        var person = await auth.Person();
        var narrow = auth.WithToken((await auth.DeviceLogin(person, "study:read"))["access_token"]!);
        var whole = auth.WithToken((await auth.DeviceLogin(person))["access_token"]!);

        (await narrow.Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "login_narrowed");
        (await whole.Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
        (await narrow.Post("/v1/auth/totp/confirm", new { totp = "123456" })).ShouldBeRefused(HttpStatusCode.Forbidden, "login_narrowed");
    }

    [Fact]
    public async Task Tokens_have_the_requested_scopes_and_never_more_than_the_person()
    {
        var person = await auth.Person();

        var less = await auth.DeviceLogin(person, "study:read key:* node:drain");

        less["scope"].Should().Be("key:create key:list key:read key:revoke study:read");
        (await auth.DeviceLogin(await auth.Person(role: null)))["scope"].Should().NotContain("key:create").And.Contain("study:read");
        less.Json.TryGetProperty("id_token", out _).Should().BeFalse();
        (await auth.Anonymous.Form(Persons.DevicePath, ("client_id", "aegis-cli"), ("scope", "study:read coffee:make")))
            .ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_scope");
    }

    [Fact]
    public async Task A_program_is_told_that_it_was_denied_or_is_too_late()
    {
        var person = await auth.Person();
        var (denied, late) = (await auth.BeginDevice(), await auth.BeginDevice());

        await person.Deny(denied.User);
        auth.Clock.Advance(TimeSpan.FromMinutes(10) - Margin);
        (await person.Look(late.User)).Client.Should().Be("the Aegis command line");
        auth.Clock.Advance(Margin);

        (await auth.Poll(denied)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("access_denied");
        (await auth.Poll(late)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("expired_token");
        await Refused(() => person.Look(late.User), "device_code_expired");
        await Refused(() => person.Approve(late.User), "device_code_expired");
        await Refused(() => person.Approve(denied.User), "device_code_used");
        (await auth.App.NamesOf(person.UserId, "device.")).Should().Equal("device.denied");
    }

    [Fact]
    public async Task Polling_too_often_slows_the_program_down_but_does_not_withhold_an_approval()
    {
        var person = await auth.Person();
        var codes = await auth.BeginDevice();

        var answers = new List<string?>();
        foreach (var pause in new[] { 0, 6, 0, 0 }) // LoginTimesTests checks the exact limits; this clock keeps running
        {
            auth.Clock.Advance(TimeSpan.FromSeconds(pause));
            answers.Add((await auth.Poll(codes)).ShouldBe(HttpStatusCode.BadRequest)["error"]);
        }

        answers.Should().Equal("authorization_pending", "authorization_pending", "slow_down", "slow_down");
        await person.Approve(codes.User);
        (await auth.Poll(codes)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_device_code_starts_one_login_and_a_repeated_call_returns_the_same_one()
    {
        var person = await auth.Person();
        var codes = await auth.BeginDevice();
        await person.Approve(codes.User);

        var both = await Task.WhenAll(auth.Poll(codes), auth.Poll(codes));
        var again = await auth.Poll(codes);
        auth.Clock.Advance(TimeSpan.FromSeconds(30));

        both.Append(again).Select(a => a.ShouldBe(HttpStatusCode.OK)["refresh_token"]).Distinct().Should().ContainSingle();
        (await auth.Poll(codes)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        (await auth.App.Use<AuthDb, int>(db => db.Sessions.CountAsync(s => s.UserId == person.UserId && s.Client == "aegis-cli")))
            .Should().Be(1);
    }

    [Fact]
    public async Task A_repeat_after_the_refresh_token_was_used_returns_no_tokens()
    {
        var person = await auth.Person();
        var codes = await auth.BeginDevice();
        await person.Approve(codes.User);
        var tokens = (await auth.Poll(codes)).ShouldBe(HttpStatusCode.OK);
        (await auth.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);

        (await auth.Poll(codes)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
    }

    [Fact]
    public async Task An_approval_by_a_login_that_has_ended_returns_no_tokens()
    {
        var person = await auth.Person();
        var codes = await auth.BeginDevice();
        await person.Approve(codes.User);

        await person.LogOut();

        (await auth.Poll(codes)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("access_denied");
    }

    [Fact]
    public async Task A_login_that_ends_while_its_approval_is_redeemed_leaves_no_program_logged_in()
    {
        var (app, meanwhile) = await Meanwhile.Start();
        await using var started = new Started(app);
        var host = AuthApp.On(app);
        var person = await host.Person();
        var codes = await host.BeginDevice();
        await person.Approve(codes.User);

        meanwhile.BeforeAdding<RefreshFamily>(person.LogOut);
        var answer = await host.Poll(codes);

        meanwhile.IsDone.Should().BeTrue();
        answer.ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("access_denied");
        (await app.Use<AuthDb, int>(db => db.Sessions.CountAsync(s => s.UserId == person.UserId && s.EndedAt == null))).Should().Be(0);
    }

    [Fact]
    public async Task An_approval_in_the_last_second_leaves_time_to_fetch_the_tokens()
    {
        var person = await auth.Person();
        var codes = await auth.BeginDevice();
        auth.Clock.Advance(DeviceGrant.Lifetime - Margin);
        await person.Approve(codes.User);

        auth.Clock.Advance(DeviceGrant.FetchWithin - Margin);

        (await auth.Poll(codes)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_person_sees_which_program_asks_from_where_and_for_which_scopes()
    {
        var person = await auth.Person();
        var begun = await auth.Anonymous.With("User-Agent", "aegis/1.0 aegis_0123456789ABabcdefghijABCDEFGHIJabcdefghijklabcdef")
            .Form(Persons.DevicePath, ("client_id", "aegis-cli"), ("scope", "study:read"));

        var asked = await person.Look(begun["user_code"]!);

        asked.Agent.Should().Be("aegis/1.0 ***");
        asked.Address.Should().NotBeNullOrEmpty();
        asked.Rights.Should().Equal("study:read");
        asked.AsksForAll.Should().BeFalse();
    }

    [Fact]
    public async Task User_codes_cannot_be_guessed()
    {
        var (person, other) = (await auth.Person(), await auth.Person());
        var codes = await auth.BeginDevice();
        await Refused(() => person.Look("what?"), "device_code_unknown");

        for (var i = 0; i < 10; i++) await Refused(() => person.Look($"BBBB-{i:0000}"), "device_code_unknown");

        await Refused(() => person.Look(codes.User), "device_attempts_exceeded");
        (await other.Look(codes.User)).UserCode.Should().Be(codes.User);
        auth.Clock.Advance(DeviceGrant.Lifetime - Margin);
        await Refused(() => person.Look(codes.User), "device_attempts_exceeded");
        auth.Clock.Advance(Margin);
        (await person.Look((await auth.BeginDevice()).User)).Should().NotBeNull();
    }

    [Theory]
    [InlineData("", "unsupported_grant_type", 400)]
    [InlineData("client_id=aegis-cli", "invalid_request", 400)]
    [InlineData("client_id=aegis-cli&device_code=junk", "invalid_grant", 400)]
    [InlineData("client_id=nobody&device_code=junk", "invalid_client", 401)]
    [InlineData("device_code=junk", "invalid_request", 400)]
    public async Task An_invalid_call_gets_the_right_error(string form, string error, int status)
    {
        var type = form.Length == 0 ? "password" : Uri.EscapeDataString(Persons.DeviceGrantType);

        var refused = await auth.Anonymous.PostContent(
            Persons.TokenPath, new StringContent($"grant_type={type}&{form}", Encoding.ASCII, "application/x-www-form-urlencoded"));

        refused.ShouldBe((HttpStatusCode)status)["error"].Should().Be(error);
        refused["error_description"].Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_program_cannot_use_codes_or_tokens_of_another_program()
    {
        await using var app = new Started(await AegisApp.Start(("Auth:PublicClients", "viewer")));
        var host = AuthApp.On(app.App);
        var codes = await host.BeginDevice();
        var tokens = await host.DeviceLogin(await host.Person());

        (await host.Anonymous.Form(
            Persons.TokenPath, ("grant_type", Persons.DeviceGrantType), ("client_id", "viewer"), ("device_code", codes.Device)))
            .ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        (await host.Anonymous.Form(
            Persons.TokenPath, ("grant_type", "refresh_token"), ("client_id", "viewer"), ("refresh_token", tokens["refresh_token"]!)))
            .ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_grant");
        foreach (var one in new[] { "access_token", "refresh_token" })
            (await host.Anonymous.Form(Persons.RevokePath, ("client_id", "viewer"), ("token", tokens[one]!))).ShouldBe(HttpStatusCode.OK);
        (await host.Refresh(tokens["refresh_token"]!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Old_device_grants_are_deleted()
    {
        await auth.BeginDevice();
        auth.Clock.Advance(DeviceGrant.Lifetime + TimeSpan.FromHours(2));

        await auth.App.Run<SweepDeviceGrantsJob>();

        (await auth.App.Use<AuthDb, int>(db => db.DeviceGrants.CountAsync())).Should().Be(0);
    }

    private static JsonElement Payload(string token) => JsonDocument.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[1])).RootElement;

    private static async Task Refused(Func<Task> call, string code) =>
        (await call.Should().ThrowAsync<RefusedException>()).Which.Code.Should().Be(code);

    private sealed record Started(AegisApp App) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(App.DisposeAsync());
    }
}
