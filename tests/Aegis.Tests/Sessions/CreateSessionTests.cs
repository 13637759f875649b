using Aegis.Auth.Access.Permissions;
using Aegis.Auth.Access.Sessions;
using Aegis.Auth.People.Logins;

namespace Aegis.Tests.Sessions;

public sealed class CreateSessionTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Printed = """
        {
          "deviceId": "string",
          "authMethod": "string",
          "riskSignal": {
            "ip": "string",
            "countryCode": "string",
            "region": "string",
            "city": "string",
            "asn": "string",
            "deviceFingerprint": "string",
            "riskScore": 0,
            "latitude": 0,
            "longitude": 0,
            "occurredAtUnix": null
          }
        }
        """;

    [Fact]
    public async Task The_published_example_works()
    {
        var key = await auth.Key();
        var token = await auth.Token(key);

        var response = await auth.WithToken(token).Call(Printed);

        response.ShouldBe(HttpStatusCode.OK);
        response.Json.EnumerateObject().Select(p => p.Name).Should().Equal("sessionId", "expiresInSeconds", "stepUpRequired");
        response["sessionId"]
            .Should().Be(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).GetClaim("sid").Value).And.StartWith("ses_");
        response.Json.GetProperty("expiresInSeconds").ValueKind
            .Should().Be(System.Text.Json.JsonValueKind.String, "an int64 is a string in JSON");
        int.Parse(response["expiresInSeconds"]!).Should().BeInRange(880, 900);
        response.Json.GetProperty("stepUpRequired").GetBoolean().Should().BeFalse();
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task An_API_key_cannot_create_a_session()
    {
        var response = await auth.With(await auth.Key()).Call();

        response.ShouldBeError(HttpStatusCode.BadRequest, "failed_precondition", "access_token_required");
    }

    [Fact]
    public async Task Without_a_credential_no_session_is_created()
    {
        var response = await auth.Anonymous.Call();

        response.ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated", "unauthenticated");
        response.Headers.WwwAuthenticate.ToString().Should().Be("Bearer");
    }

    [Fact]
    public async Task Only_allowed_organizations_get_sessions()
    {
        await using var app = await OwnAuth.Start(("Sessions:AllowedOrganizations", "cons_789, prov_123"));
        var other = app.Auth.WithToken(await app.Auth.Token(await app.Auth.Key("cons_456")));
        var listed = app.Auth.WithToken(await app.Auth.Token(await app.Auth.Key("prov_123")));

        (await other.Call()).ShouldBeError(HttpStatusCode.Forbidden, "permission_denied", "organization_not_allowed");
        (await listed.Call()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_second_call_updates_the_facts_of_the_same_session()
    {
        var client = auth.WithToken(await auth.Token(await auth.Key()));
        var first = await client.Call("""{"deviceId":"laptop","authMethod":"password"}""");

        var second = await client.Call("""{"deviceId":"phone","authMethod":"otp"}""");

        second["sessionId"].Should().Be(first["sessionId"]);
        var items = (await client.Get("/v1/auth/sessions")).Json.GetProperty("items");
        items.GetArrayLength().Should().Be(1);
        items[0].GetProperty("deviceId").GetString().Should().Be("phone");
        items[0].GetProperty("authMethod").GetString().Should().Be("otp");
        items[0].GetProperty("riskScore").GetInt32().Should().Be(30, "a new device");
    }

    [Fact]
    public async Task Twenty_concurrent_calls_create_one_session()
    {
        var client = auth.WithToken(await auth.Token(await auth.Key()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Call("""{"deviceId":"laptop"}""")));

        answers.Select(a => a.ShouldBe(HttpStatusCode.OK)["sessionId"]).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"riskSignal":{"riskScore":100.1}}""", "riskSignal.riskScore")]
    [InlineData("""{"riskSignal":{"riskScore":-0.1}}""", "riskSignal.riskScore")]
    [InlineData("""{"riskSignal":{"riskScore":"NaN"}}""", "riskSignal.riskScore")]
    [InlineData("""{"riskSignal":{"riskScore":"Infinity"}}""", "riskSignal.riskScore")]
    [InlineData("""{"riskSignal":{"latitude":90.5}}""", "riskSignal.latitude")]
    [InlineData("""{"riskSignal":{"longitude":-180.5}}""", "riskSignal.longitude")]
    [InlineData("""{"riskSignal":{"occurredAtUnix":-1}}""", "riskSignal.occurredAtUnix")]
    [InlineData("""{"authMethod":"12345678901234567890123456789012345678901234567890123456789012345"}""", "authMethod")]
    [InlineData("""{"deviceId":"a\u0000b"}""", "deviceId")]
    public async Task An_invalid_request_names_the_wrong_field(string body, string path)
    {
        var client = auth.WithToken(await auth.Token(await auth.Key()));

        var response = await client.Call(body);

        response.ShouldBeError(HttpStatusCode.BadRequest, "invalid_argument", "validation_failed").Violations().Should().Equal(path);
    }

    [Fact]
    public async Task Only_clients_with_the_scope_may_state_a_location()
    {
        const string elsewhere =
            """{"deviceId":"d","riskSignal":{"ip":"203.0.113.9","countryCode":"nz","city":"Wellington","asn":"64500"}}""";
        var plain = auth.WithToken(await auth.Token(await auth.Key()));
        var gateway = auth.WithToken(await auth.Token(await auth.Key(scopes: ["session:assert"])));

        await plain.Call(elsewhere);
        await gateway.Call(elsewhere);

        var seen = (await plain.Get("/v1/auth/sessions")).Json.GetProperty("items")[0];
        IPAddress.IsLoopback(IPAddress.Parse(seen.GetProperty("address").GetString()!)).Should().BeTrue();
        seen.GetProperty("country").GetString().Should().BeNull();
        var stated = (await gateway.Get("/v1/auth/sessions")).Json.GetProperty("items")[0];
        stated.GetProperty("address").GetString().Should().Be("203.0.113.9");
        stated.GetProperty("country").GetString().Should().Be("NZ");
        stated.GetProperty("city").GetString().Should().Be("Wellington");
    }

    [Fact]
    public async Task Only_a_trusted_proxy_can_state_the_country()
    {
        await using var trusting =
            await OwnAuth.Start(("Sessions:CountryHeader", "X-Country"), ("TrustedProxies:0", "127.0.0.0/8"), ("TrustedProxies:1", "::1"));
        await using var distrusting = await OwnAuth.Start(("Sessions:CountryHeader", "X-Country"), ("TrustedProxies:0", "203.0.113.0/24"));

        (await CountrySeen(trusting.Auth)).Should().Be("NZ");
        (await CountrySeen(distrusting.Auth)).Should().BeNull();

        static async Task<string?> CountrySeen(AuthApp auth)
        {
            var client = auth.WithToken(await auth.Token(await auth.Key()));
            await client.Call("{}", ("X-Country", "NZ"), ("X-Forwarded-For", "198.51.100.7"), ("X-Original-For", "203.0.113.1:80"));
            return (await client.Get("/v1/auth/sessions")).Json.GetProperty("items")[0].GetProperty("country").GetString();
        }
    }

    [Fact]
    public async Task A_new_device_in_a_new_country_must_step_up_even_when_it_tries_again()
    {
        var key = await auth.Key(scopes: ["session:assert", "org:read"]);
        await auth.WithToken(await auth.Token(key)).Call("""{"deviceId":"laptop","riskSignal":{"countryCode":"NZ"}}""");
        const string stranger = """{"deviceId":"unheard of","riskSignal":{"countryCode":"FR"}}""";

        var first = await auth.WithToken(await auth.Token(key)).Call(stranger);
        var again = await auth.WithToken(await auth.Token(key)).Call(stranger);
        var known = await auth.WithToken(await auth.Token(key)).Call("""{"deviceId":"laptop","riskSignal":{"countryCode":"NZ"}}""");

        first["stepUpRequired"].Should().Be("True");
        again["stepUpRequired"].Should().Be("True");
        known["stepUpRequired"].Should().Be("False");
    }

    [Fact]
    public async Task Newer_facts_never_remove_a_required_step_up()
    {
        var client = auth.WithToken(await auth.Token(await auth.Key()));
        await client.Session(riskScore: 90);

        var response = await client.Call("""{"deviceId":"laptop"}""");

        response["stepUpRequired"].Should().Be("True");
    }

    [Fact]
    public async Task Each_call_adds_one_audit_entry()
    {
        var key = await auth.Key(scopes: ["audit:read"], role: Roles.Operator);
        var client = auth.WithToken(await auth.Token(key));

        var session = await client.Session();
        await client.Call("[]");

        var entries = (await client.Get("/v1/audit?limit=200")).Json.GetProperty("items").EnumerateArray()
            .Where(e => e.GetProperty("action").GetString() == $"POST {Gateway.Address}"
                && e.GetProperty("actor").GetProperty("keyId").GetString() == key.Id)
            .Select(e => (Outcome: e.GetProperty("outcome").GetString(), Object: e.GetProperty("object").GetString(),
                Code: e.GetProperty("code").GetString()));
        entries.Should().Equal(("refused", null, "validation_failed"), ("success", session, null));
    }

    [Fact]
    public async Task No_fact_of_a_connection_is_stored_in_clear()
    {
        var key = await auth.Key(scopes: ["session:assert"]);
        await auth.WithToken(await auth.Token(key))
            .Call("""{"deviceId":"very-own-device","riskSignal":{"city":"Taumatawhakatangi","ip":"203.0.113.77"}}""");

        var text = await auth.App.Use<AuthDb, string>(async db => string.Join('\n',
            (await db.Sessions.AsNoTracking().Where(s => s.KeyId == key.Id)
                .ToListAsync()).Select(s => System.Text.Encoding.Latin1.GetString(s.SealedFacts))
            .Concat((await db.Sightings.AsNoTracking().Where(s => s.UserId == key.UserId).ToListAsync())
                .Select(s => s.Id + s.Device + System.Text.Encoding.Latin1.GetString(s.SealedFacts)))));

        text.Should().NotBeEmpty().And.NotContain("very-own-device").And.NotContain("Taumata").And.NotContain("203.0.113.77");
        auth.App.Logs.Lines.Should().NotContain(l => l.Contains("very-own-device") || l.Contains("Taumata"));
    }

    [Fact]
    public async Task Invented_devices_cannot_fill_the_disk()
    {
        var key = await auth.Key();
        var client = auth.WithToken(await auth.Token(key));

        for (var i = 0; i <= History.MaxSightings; i++) await client.Session($"device {i}");

        (await auth.App.Use<AuthDb, int>(db => db.Sightings.CountAsync(s => s.UserId == key.UserId))).Should().Be(History.MaxSightings);
    }

    [Fact]
    public async Task Sightings_count_for_ninety_days()
    {
        await using var own = await OwnAuth.Start();
        var key = await own.Auth.Key(lifetime: TimeSpan.FromDays(365));
        await own.Auth.WithToken(await own.Auth.Token(key)).Session();

        own.Auth.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromMinutes(1));
        await own.Auth.App.Run<SweepSessionsJob>();
        (await Rows(own.Auth)).Should().Be((1, 1));

        own.Auth.Clock.Advance(TimeSpan.FromMinutes(30));
        await own.Auth.App.Run<SweepSessionsJob>();
        (await Rows(own.Auth)).Should().Be((0, 0));

        static Task<(int, int)> Rows(AuthApp auth) =>
            auth.App.Use<AuthDb, (int, int)>(async db => (await db.Sessions.CountAsync(), await db.Sightings.CountAsync()));
    }
}
