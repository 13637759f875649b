namespace Aegis.Tests.Audit;

/// <summary>The call audit in the real host.</summary>
public sealed class AuditedHostTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task Every_call_is_recorded_once()
    {
        var caller = app.As("outsider");
        var before = await Actions(caller);
        await caller.Get("/v1/auth/session");
        await caller.Get("/v1/audit?limit=1");
        await caller.Get("/v1/audit?limit=nothing");
        await caller.Get("/v1/nowhere/at-all");

        var added = (await Actions(caller))[..^before.Count];

        added.Should().Equal("GET (no route)", "GET /v1/audit", "GET /v1/audit", "GET /v1/auth/session", "GET /v1/audit");
    }

    [Fact]
    public async Task A_token_request_is_audited_as_its_key()
    {
        var token = await app.Anonymous.With("X-Api-Key", app.Key("consumer")).Post("/v1/auth/token");
        token.ShouldBe(HttpStatusCode.OK);

        var entries = (await app.As("consumer").Get("/v1/audit?action=POST%20/v1/auth/token")).Json.GetProperty("items");

        entries[0].GetProperty("outcome").GetString().Should().Be("success");
        entries[0].GetProperty("actor").GetProperty("keyId").GetString().Should().StartWith("key_");
    }

    [Fact]
    public async Task Reading_without_a_token_is_refused()
    {
        (await app.Anonymous.Get("/v1/audit")).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_database_contains_no_patient_data_and_no_secret()
    {
        var key = app.Key("consumer");
        await app.As("consumer").Post("/v1/requests", new
        {
            providerId = "prov_123",
            patient = new { firstName = "ZZYZXFIRST", lastName = "ZZYZXLAST", dob = "03/05/1971" },
            reason = "ZZYZXREASON",
        });
        await app.As("consumer").Get("/v1/requests/ZZYZXROUTE");
        await app.As("consumer").Get("/v1/audit");

        var stored = await app.Database.Bytes();

        stored.Should().Contain("GET /v1/audit");
        stored.Should().NotContain("ZZYZX");
        stored.Should().NotContain(key[..^6][^32..], "this is the secret part of the key");
    }

    private static async Task<List<string>> Actions(ApiClient caller)
    {
        var page = (await caller.Get("/v1/audit?kind=call&limit=200")).ShouldBe(HttpStatusCode.OK);
        return [.. page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!)];
    }
}
