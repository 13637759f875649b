using System.Text.Json.Nodes;

namespace Aegis.Tests.Host;

/// <summary>Unknown input is refused by name, so that a misspelt restriction is not dropped.</summary>
public sealed class UnknownInputTests(AegisApp app) : IClassFixture<AegisApp>
{
    private const string Credential = """{"name":"n","credential_type":"api_key","provider":"env","MORE":1}""";
    private const string Key = """{"name":"k","expiry":"7d","scopes":["study:read"],"MORE":1}""";
    private const string Study =
        """{"providerId":"prov_123","patient":{"lastName":"Doe","firstName":"Jane","dob":"03/05/1971"},"reason":"x","MORE":1}""";

    [Theory]
    [InlineData("/v1/requests", Study, "\"windowHours\":1,\"maxViews\":1", "windowHours|window.hours", "maxViews|window.maxViews")]
    [InlineData("/v1/requests", Study, "\"window\":{\"hour\":1}", "window.hour|window.hours")]
    [InlineData("/v1/auth/keys", Key, "\"partner\":[\"prov_123\"]", "partner|partners")]
    [InlineData("/v1/auth/keys", Key, "\"partnerIds\":[\"prov_123\"],\"allowedIps\":[\"10.0.0.1\"]", "partnerIds|partners", "allowedIps|")]
    [InlineData("/v1/credentials", Credential, "\"rotation_intervall_hours\":1", "rotation_intervall_hours|rotation_interval_hours")]
    [InlineData("/v1/credentials", Credential, "\"expiresAt\":\"2030-01-01T00:00:00Z\"", "expiresAt|expires_at")]
    public async Task An_unknown_member_is_named_with_the_nearest_known_one(
        string path, string body, string members, params string[] expected)
    {
        var caller = app.As(path == "/v1/requests" ? "consumer" : "admin");

        var refused = (await caller.Post(path, body.Replace("\"MORE\":1", members, StringComparison.Ordinal))).ShouldBeRefused(
            HttpStatusCode.BadRequest, "unknown_member");

        var errors = refused.Json.GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).Should().BeEquivalentTo(expected.Select(e => e.Split('|')[0]));
        foreach (var (name, nearest) in expected.Select(e => (e.Split('|')[0], e.Split('|')[1])))
        {
            var sentence = errors.GetProperty(name)[0].GetString();
            if (nearest.Length > 0) sentence.Should().EndWith($"Did you mean '{nearest}'?");
        }
    }

    /// <summary>
    /// Model binding takes the first of two values, and treats an empty flag as absent. Both would silently drop a restriction.
    /// </summary>
    [Theory]
    [InlineData("POST", "/v1/sync/n8n?dryRun", "dryRun")]
    [InlineData("POST", "/v1/sync/n8n?dryRun=", "dryRun")]
    [InlineData("POST", "/v1/sync/n8n?dryrun=%20", "dryRun")]
    [InlineData("POST", "/v1/sync/n8n?dryRun=false&dryRun=true", "dryRun")]
    [InlineData("GET", "/v1/requests?status=declined&status=pending", "status")]
    [InlineData("GET", "/v1/requests?limit=1&Limit=2", "limit")]
    [InlineData("GET", "/v1/requests?status=", "status")]
    [InlineData("GET", "/v1/requests?status", "status")]
    [InlineData("GET", "/v1/requests?limit=%20", "limit")]
    [InlineData("GET", "/v1/audit?object=", "object")]
    [InlineData("GET", "/audit/log?Actor=%09", "actor")]
    [InlineData("GET", "/credentials?provider=", "provider")]
    [InlineData("GET", "/credentials?tag=%E2%80%83", "tag")]
    [InlineData("GET", "/v1/events?cursor=%20", "cursor")]
    [InlineData("GET", "/v1/requests?cursor=&cursor=", "cursor")]
    [InlineData("POST", "/v1/requests/req_1/fulfill?confirm=", "confirm")]
    [InlineData("POST", "/v1/requests/req_1/fulfill?confirm=a:b&confirm=", "confirm")]
    public async Task A_parameter_without_exactly_one_value_is_refused(string method, string address, string named)
    {
        var refused = await app.As("admin").Send(new HttpRequestMessage(new HttpMethod(method), address));

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed").Json.GetProperty("errors").TryGetProperty(named, out _)
            .Should().BeTrue(refused.Text);
    }

    [Fact]
    public async Task An_empty_cursor_is_the_first_page() =>
        (await app.As("consumer").Get("/v1/requests?cursor=")).ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_value_in_a_patch_is_refused_with_the_right_operation()
    {
        var refused = await app.As("admin").Patch("/v1/credentials/x", """{"value":"new"}""");

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member").Json.GetProperty("errors").GetProperty("value")[0].GetString()
            .Should().Contain("PUT /v1/credentials/{name}/value");
        refused["error"].Should().Be("bad_request", "the vault's errors have two more members");
    }

    [Theory]
    [InlineData("/v1/requests?stat=pending", "stat", "status")]
    [InlineData("/credentials?providers=env", "providers", "provider")]
    [InlineData("/audit/log?startdate=2026-01-01T00:00:00Z", "startdate", "start_date")]
    [InlineData("/v1/auth/session?limit=1", "limit", null)]
    public async Task An_unknown_parameter_is_named(string address, string name, string? nearest)
    {
        var refused = (await app.As(address.StartsWith("/v1/requests", StringComparison.Ordinal) ? "consumer" : "admin")
            .Get(address)).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_parameter");

        var sentence = refused.Json.GetProperty("errors").GetProperty(name)[0].GetString();
        if (nearest is null) sentence.Should().NotContain("Did you mean");
        else sentence.Should().EndWith($"Did you mean '{nearest}'?");
    }

    [Theory]
    [InlineData("\"patient\":{\"lastName\":\"Doe\",\"firstName\":\"Jane\",\"dob\":\"03/05/1971\",\"Canary\":1}", "patient",
        "Member 4 of patient")]
    [InlineData("\"patient\":{\"lastName\":\"Doe\",\"firstName\":\"Jane\",\"dob\":\"03/05/1971\",\"lastNam\":1}", "patient.lastNam",
        "Did you mean 'patient.lastName'?")]
    [InlineData("\"ghp_abcdefghij1234567890abcdefghij1234Canary\":1", "", "Member 4 of the body")]
    [InlineData("\"Canary7d8f9a0b1c2d3e4f\":1", "", "Member 4 of the body")]
    [InlineData("\"sk-ant-Canary\":1", "", "Member 4 of the body")]
    public async Task A_name_that_could_be_a_secret_or_a_patients_is_not_repeated(string member, string path, string says)
    {
        var body = member.StartsWith("\"patient\"", StringComparison.Ordinal)
            ? $$"""{"providerId":"prov_123","reason":"x",{{member}}}"""
            : Study.Replace("\"MORE\":1", member, StringComparison.Ordinal);

        var refused = (await app.As("consumer").Post("/v1/requests", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member");

        refused.Json.GetProperty("errors").GetProperty(path)[0].GetString().Should().ContainEquivalentOf(says);
        refused.Text.Should().NotContain("Canary");
    }

    [Fact]
    public async Task Provider_configuration_follows_its_schema_and_free_form_objects_take_any_member()
    {
        var body = JsonNode.Parse(Credential)!.AsObject();
        body.Remove("MORE");
        body["provider_config"] = new JsonObject { ["varable"] = "X", ["sk_live_Canary1234"] = "s3cret" };
        var refused = (await app.As("admin").Post("/v1/credentials", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name)
            .Should().BeEquivalentTo("provider_config.varable", "provider_config");
        refused.Text.Should().NotContain("Canary");

        body.Remove("provider_config");
        body["name"] = "free-object";
        body["metadata"] = new JsonObject { ["anything"] = new JsonObject { ["at"] = "all" } };
        (await app.As("admin").Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Unknown_input_is_checked_after_401_403_and_a_replay_and_before_404()
    {
        const string Unknown = """{"zzz":1}""";
        (await app.Anonymous.Post("/v1/requests", Unknown)).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await app.As("provider").Post("/v1/requests", Unknown)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await app.As("admin").Patch("/v1/credentials/nowhere", Unknown)).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member");
        var consumer = app.As("consumer").With("Idempotency-Key", "unknown-1");

        (await consumer.Post("/v1/requests", Unknown)).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member");
        (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created).Headers.Contains("Idempotent-Replayed")
            .Should().BeFalse();
        (await consumer.Post("/v1/requests", Unknown)).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_byte_order_mark_hides_nothing_and_many_unknown_members_give_a_small_response()
    {
        var marked = await app.As("admin").Patch("/v1/credentials/x", "\ufeff{\"zzz\":1}");
        marked.Status.Should().Be(HttpStatusCode.BadRequest);

        var many = await app.As("admin")
            .Patch("/v1/credentials/x", $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"zzz{i}\":1"))}}}");
        many.ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member").Body.Length.Should().BeLessThan(20_000);
    }

    [Theory]
    [InlineData("""{"zz\ud800":1}""")]
    [InlineData("""{"zz":""")]
    [InlineData("""[1]""")]
    [InlineData("""null""")]
    public async Task A_body_that_is_not_a_readable_object_is_refused(string body) =>
        (await app.As("consumer").Post("/v1/requests", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");

    [Theory]
    [InlineData("POST", "/requests", Asking.JaneDoe)]
    [InlineData("GET", "/credentials?status=active&provider=api&type=api_key&limit=100&offset=0", null)]
    [InlineData("GET", "/credentials?status=expiring", null)]
    [InlineData("GET", "/credentials?status=expired", null)]
    [InlineData("POST", "/credentials",
        """{"name":"anthropic-api-key","credential_type":"api_key","provider":"api","description":"Anthropic API key for Claude","value":"sk-ant-...","expires_at":"2026-12-31T00:00:00Z","rotation_enabled":true,"rotation_interval_hours":720,"rotation_strategy":"scheduled","alert_threshold_hours":168,"tags":["llm","production"],"metadata":{"environment":"production"}}""")]
    [InlineData("PATCH", "/credentials/seed",
        """{"description":"Updated description","expires_at":"2027-06-01T00:00:00Z","rotation_enabled":true,"rotation_interval_hours":360,"tags":["llm","production","critical"]}""")]
    [InlineData("POST", "/credentials/seed/apply",
        """{"workflow_id":"workflow_123","node_name":"HTTP Request","requested_by":"HEPHAESTUS"}""")]
    [InlineData("POST", "/credentials/seed/rotate", """{"trigger":"manual","reason":"Security audit requirement"}""")]
    [InlineData("POST", "/credentials/seed/rollback", """{"version":2}""")]
    [InlineData("POST", "/credentials/seed/test", null)]
    [InlineData("GET", "/health/expiring?threshold_hours=168", null)]
    [InlineData("POST", "/health/check-all", null)]
    [InlineData("POST", "/sync/n8n", null)]
    [InlineData(
        "GET", "/audit/log?credential_name=seed&action=applied&actor=HEPHAESTUS&start_date=2026-01-01T00:00:00Z&end_date=2026-12-31T00:00:00Z&limit=100", null)]
    [InlineData("POST", "/v1/auth/token?anything=1", """{"anything":1}""")]
    public async Task Every_body_and_query_of_the_first_API_descriptions_is_accepted(string method, string address, string? body)
    {
        var call = new HttpRequestMessage(new HttpMethod(method), address == "/requests" ? "/v1/requests" : address);
        if (body is not null) call.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var answer = await app.As(address == "/requests" ? "consumer" : "admin").Send(call);

        answer.Status.Should().NotBe(HttpStatusCode.BadRequest, "the answer was {0}", answer.Text);
        ((int)answer.Status).Should().BeLessThan(500);
    }

    [Fact]
    public async Task A_merge_patch_is_merged_and_a_json_patch_is_refused()
    {
        var admin = app.As("admin");
        (await admin.Post("/v1/credentials",
            new
            {
                name = "merged",
                credential_type = "api_key",
                provider = "env",
                metadata = new { a = "1", b = "2", deep = new { x = 1, y = 2 } }
            }))
            .ShouldBe(HttpStatusCode.Created);
        Task<ApiResponse> Patch(string body, string type) => admin.Send(new HttpRequestMessage(HttpMethod.Patch, "/v1/credentials/merged")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, type),
        });
        async Task<string> Metadata() => (await admin.Get("/v1/credentials/merged")).Json.GetProperty("metadata").GetRawText();

        (await Patch("""{"metadata":{"a":"9","c":null,"deep":{"x":null,"z":3}}}""", "application/merge-patch+json")).ShouldBe(
            HttpStatusCode.OK);
        (await Metadata()).Should().Be("""{"a":"9","b":"2","deep":{"y":2,"z":3}}""");

        (await Patch("""{"description":null,"metadata":{"a":"1"}}""", "application/json")).ShouldBe(HttpStatusCode.OK);
        (await Metadata()).Should().Be("""{"a":"1"}""");

        (await Patch("""[{"op":"remove","path":"/metadata"}]""", "application/json-patch+json")).ShouldBeRefused(
            HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        (await Patch("""{"metadata":{}}""", "application/vnd.api+json")).ShouldBeRefused(
            HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2030-01-01")]
    [InlineData("2030-01-01T00:00:00")]
    public async Task A_malformed_time_gets_the_same_message_in_a_body_and_in_a_query(string time)
    {
        var body = new { name = "timed", credential_type = "api_key", provider = "env", expires_at = time };

        var refused = (await app.As("admin").Post("/v1/credentials", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        var patched = (await app.As("admin")
            .Patch("/v1/credentials/x", new { expires_at = time })).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        var listed = (await app.As("admin")
            .Get($"/audit/log?start_date={time}")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");

        var sentence = listed.Json.GetProperty("errors")
            .GetProperty("start_date")[0].GetString()!.Replace("start_date", "expires_at", StringComparison.Ordinal);
        refused.Json.GetProperty("errors").GetProperty("expires_at")[0].GetString().Should().Be(sentence);
        patched.Json.GetProperty("errors").GetProperty("expires_at")[0].GetString().Should().Be(sentence);
    }

    [Theory]
    [InlineData("2030-01-01T01:00:00.123456789+01:00")]
    [InlineData("2030-01-01T00:00:00Z")]
    public async Task Bodies_and_queries_accept_a_time_with_offset_and_nanoseconds(string time)
    {
        var name = $"time-{time.Length}";
        (await app.As("admin")
            .Post("/v1/credentials", new { name, credential_type = "api_key", provider = "env", expires_at = time }))
                .ShouldBe(HttpStatusCode.Created);
        (await app.As("admin").Get($"/audit/log?start_date={Uri.EscapeDataString(time)}")).ShouldBe(HttpStatusCode.OK);

        (await app.As("admin").Get($"/v1/credentials/{name}"))["expires_at"].Should().StartWith("2030-01-01T00:00:00");
    }

    [Fact]
    public async Task If_None_Match_sets_a_value_only_if_there_is_none()
    {
        var admin = app.As("admin");
        (await admin.Post("/v1/credentials", new { name = "first-only", credential_type = "api_key", provider = "env" })).ShouldBe(
            HttpStatusCode.Created);
        var first = admin.With("If-None-Match", "*");

        (await first.Put("/v1/credentials/first-only/value", new { value = "one" })).ShouldBe(HttpStatusCode.OK);
        (await first.Put("/v1/credentials/first-only/value", new { value = "two" })).ShouldBeRefused(
            HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await first.Patch("/v1/credentials/first-only", new { description = "x" })).ShouldBeRefused(
            HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await admin.Get("/v1/credentials/first-only/value"))["value"].Should().Be("one");
    }
}
