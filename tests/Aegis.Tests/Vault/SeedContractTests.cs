namespace Aegis.Tests.Vault;

/// <summary>
/// Compares each sample answer of the published reference with the real one: the same members, types and words, also without the prefix.
/// </summary>
public sealed class SeedContractTests(VaultApp vault) : IClassFixture<VaultApp>
{
    private static string Expiring(TimeSpan inTime) =>
        (TimeProvider.System.GetUtcNow() + inTime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Health_answers_like_the_sample()
    {
        await vault.Registered();

        ShouldLookLike(await vault.Admin.Get("/health"), """
            {"status":"healthy","agent":"AEGIS","version":"2.0","credentials_count":25,"healthy_count":23,"unknown_count":0,"expiring_count":2,"expired_count":0,
             "failed_count":0,
             "cannot_rotate_count":0,
             "encryption":"enabled","last_rotation_check":"2026-01-17T11:30:00Z"}
            """, "status", "agent", "version", "encryption");
    }

    [Fact]
    public async Task List_details_create_and_update_answer_like_the_samples()
    {
        var name = Aegis.Kernel.Identifiers.Ids.New("c", vault.Clock.GetUtcNow());

        var created = await vault.Admin.Post("/credentials", $$"""
            {"name":"{{name}}","credential_type":"api_key","provider":"api","description":"Anthropic API key for Claude","value":"sk-ant-...",
             "expires_at":"{{Expiring(TimeSpan.FromDays(300))}}","rotation_enabled":true,"rotation_interval_hours":720,"rotation_strategy":"scheduled",
             "alert_threshold_hours":168,"tags":["llm","production"],"metadata":{"environment":"production","owner":"platform-team"},
             "provider_credential_id":"cred_n8n_456"}
            """);
        created.Status.Should().Be(HttpStatusCode.Created);
        ShouldLookLike(created, """
            {"id":"cred_xyz789","name":"anthropic-api-key","status":"active","created_at":"2026-01-17T12:00:00Z","encrypted":true,
             "warnings":["rotation_not_configured"],"cannot_rotate":"why"}
            """, "status", "encrypted", "warnings");

        var updated = await vault.Admin.Send(new HttpRequestMessage(HttpMethod.Patch, $"/credentials/{name}")
        {
            Content = new StringContent($$"""
                {"description":"Updated description","expires_at":"{{Expiring(TimeSpan.FromDays(400))}}","rotation_enabled":true,
                 "rotation_interval_hours":360,"tags":["llm","production","critical"]}
                """, System.Text.Encoding.UTF8, "application/json"),
        });
        ShouldLookLike(updated, """
            {"id":"cred_abc123","name":"openai-api-key","status":"active","updated_at":"2026-01-17T12:00:00Z",
             "updated_fields":["description","expires_at","rotation_interval_hours","tags"],"warnings":["rotation_not_configured"],"cannot_rotate":"why"}
            """, "status", "updated_fields");

        await vault.Admin.Get($"/credentials/{name}/value");
        ShouldLookLike(await vault.Admin.Get($"/credentials/{name}"), """
            {"id":"cred_abc123","name":"openai-api-key","credential_type":"api_key","provider":"api","status":"active","description":"OpenAI API key for LLM calls",
             "provider_credential_id":"cred_n8n_456","created_at":"2025-12-01T00:00:00Z","updated_at":"2026-01-15T00:00:00Z","expires_at":"2026-06-01T00:00:00Z",
             "last_used_at":"2026-01-17T10:30:00Z","last_rotated_at":null,"last_health_check":null,"rotation_enabled":true,
             "rotation_interval_hours":360,"rotation_strategy":"scheduled","next_rotation_at":"2026-02-16T00:00:00Z","alert_threshold_hours":168,
             "tags":["llm","production"],"metadata":{"environment":"production","owner":"platform-team"},
             "usage_stats":{"total_uses":15420,"uses_last_24h":523,"uses_last_7d":3650},"version":3,
             "version_history":[{"version":3,"created_at":"2026-01-15T00:00:00Z","reason":"rotation","note":null}]}
            """, "credential_type", "provider", "status", "rotation_strategy", "metadata");

        ShouldLookLike(await vault.Admin.Get("/credentials?type=api_key&provider=api"), """
            {"credentials":[{"id":"cred_abc123","name":"openai-api-key","credential_type":"api_key","provider":"api","status":"active",
              "description":"OpenAI API key for LLM calls","expires_at":"2026-06-01T00:00:00Z","last_used_at":"2026-01-17T10:30:00Z","rotation_enabled":true,
              "rotation_interval_hours":720,"next_rotation_at":"2026-02-16T00:00:00Z","tags":["llm","production"]}],
             "total":25,"healthy":23,"unknown":0,"expiring":2,"expired":0,"failed":0,"next_cursor":null}
            """);
    }

    [Fact]
    public async Task Rotate_rollback_test_and_retire_answer_like_the_samples()
    {
        var name = await vault.Registered();

        ShouldLookLike(
            await vault.Admin.Post($"/credentials/{name}/rotate", """{"trigger":"manual","reason":"Security audit requirement"}"""), """
            {"status":"rotated","credential":"openai-api-key","previous_version":2,"new_version":3,"duration_ms":1250,"rotated_at":"2026-01-17T12:00:00Z"}
            """, "status");
        ShouldLookLike(await vault.Admin.Post($"/credentials/{name}/rollback", """{"version":1}"""), """
            {"status":"rolled_back","credential":"openai-api-key","from_version":3,"to_version":2,"rolled_back_at":"2026-01-17T12:00:00Z"}
            """, "status");
        ShouldLookLike(await vault.Admin.Post($"/credentials/{name}/test"), """
            {"status":"healthy","credential":"openai-api-key","response_time_ms":125,
             "details":{"authenticated":true,"rate_limit_remaining":null,"quota_remaining":null},"tested_at":"2026-01-17T12:00:00Z"}
            """, "status");
        ShouldLookLike(await vault.Admin.Delete($"/credentials/{name}"), """
            {"status":"retired","credential_name":"old-api-key","retired_at":"2026-01-17T12:00:00Z"}
            """, "status");
    }

    [Fact]
    public async Task Dashboard_expiring_and_check_all_answer_like_the_samples()
    {
        var mine = await vault.Registered("standin", expiresAt: vault.Clock.GetUtcNow().AddDays(5));
        await vault.App.Run<Aegis.Vault.Health.WarnJob>();
        await vault.Admin.Get($"/v1/credentials/{mine}/value");
        await Eventually(async () => (await vault.Admin.Get("/health/dashboard")).Json.GetProperty("alerts").GetArrayLength() > 0);

        var dashboard = await vault.Admin.Get("/health/dashboard");
        ShouldLookLike(dashboard, """
            {"summary":{"total":25,"healthy":23,"unknown":0,"expiring":2,"expired":0,"failed":0},
             "credentials":[{"name":"supabase-service-key","status":"expiring","health":"unknown","expires_in_hours":120,"last_used":"2026-01-17T11:00:00Z","cannot_rotate":null}],
             "alerts":[{"credential":"supabase-service-key","alert_type":"expiring","message":"Credential expires in 5 days","created_at":"2026-01-17T08:00:00Z"}],
             "generated_at":"2026-01-17T12:00:00Z"}
            """);
        dashboard.Text.Should().Contain("Credential expires in 4 days"); // and some hours
        ShouldLookLike(await vault.Admin.Get("/health/expiring?threshold_hours=168"), """
            {"credentials":[{"name":"supabase-service-key","expires_at":"2026-01-22T00:00:00Z","expires_in_hours":120,"rotation_enabled":true,"cannot_rotate":null}],
             "count":1,"threshold_hours":168}
            """, "threshold_hours");
        ShouldLookLike(await vault.Admin.Post("/health/check-all"), """
            {"checked":25,"healthy":24,"unhealthy":1,
             "details":[{"name":"deprecated-api-key","status":"unhealthy","error":"Authentication failed","response_time_ms":0}],
             "skipped":0,"skipped_because":{"value_missing":0,"test_not_configured":0},"checked_at":"2026-01-17T12:00:00Z","duration_ms":5250}
            """);
    }

    [Fact]
    public async Task Schedule_and_audit_log_answer_like_the_samples()
    {
        var name = await vault.Registered(rotation: 720);
        await vault.Registered("api", rotation: 720);
        await vault.Admin.Get($"/v1/credentials/{name}/value");

        ShouldLookLike(await vault.Admin.Get("/rotation/schedule"), """
            {"upcoming_rotations":[{"credential":"openai-api-key","scheduled_at":"2026-02-16T00:00:00Z","strategy":"scheduled"}],
             "overdue_rotations":[],"cannot_rotate":[{"credential":"c","code":"rotation_not_configured","message":"why"}],"generated_at":"2026-01-17T12:00:00Z"}
            """);
        ShouldLookLike(await vault.Admin.Get($"/audit/log?credential_name={name}&action=value_read"), """
            {"log":[{"id":"log_abc123","timestamp":"2026-01-17T12:00:00Z","credential_name":"openai-api-key","action":"value_read","actor":"HEPHAESTUS",
              "on_behalf_of":null,"target":null,"success":true}],"total":1520}
            """);
    }

    [Fact]
    public async Task Refusals_look_like_the_samples()
    {
        var name = await vault.Registered();

        var taken = await vault.Admin.Post("/credentials", new { name, credential_type = "api_key", provider = "env" });
        taken.ShouldBeRefused(HttpStatusCode.BadRequest, "credential_exists");
        ShouldHold(taken, """{"error":"bad_request","message":"Credential name already exists","credential":"NAME"}""".Replace(
            "NAME", name, StringComparison.Ordinal));

        var denied = await (await vault.With("credential:read")).Post($"/credentials/{name}/rotate", new { trigger = "manual" });
        ShouldHold(denied, """{"error":"forbidden","message":"Credential access denied","required_permission":"credential:rotate"}""");
        denied.Status.Should().Be(HttpStatusCode.Forbidden);

        var missing = await vault.Admin.Get("/credentials/unknown-credential");
        ShouldHold(missing, """{"error":"not_found","message":"Credential not found: unknown-credential"}""");
        missing.Status.Should().Be(HttpStatusCode.NotFound);

        var stuck = await vault.Registered("standin");
        vault.Target.Fail(stuck, "create", Failure.Away, Failure.Away);
        (await vault.Rotate(stuck)).ShouldBe(HttpStatusCode.Accepted);
        var busy = await vault.Rotate(stuck);
        busy.ShouldBeRefused(HttpStatusCode.Conflict, "credential_rotating");
        var elsewhere = new HttpRequestMessage(HttpMethod.Patch,
                $"/credentials/{stuck}")
        {
            Content = new StringContent("""{"provider_config":{"note":"elsewhere"}}""", System.Text.Encoding.UTF8, "application/json")
        };
        (await vault.Admin.Send(elsewhere)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_rotating");
        ShouldHold(busy, """{"error":"conflict","message":"Credential is currently being rotated","retry_after_ms":5000}""");
    }

    /// <summary>Members and types must equal those of the sample; for the named members, the values too.</summary>
    private static void ShouldLookLike(ApiResponse answer, string sample, params string[] sameValues)
    {
        answer.Status.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.Created], "the answer was {0}", answer.Text);
        var expected = JsonDocument.Parse(sample).RootElement;
        Compare(answer.Json, expected, "$");
        foreach (var name in sameValues)
            JsonElement.DeepEquals(answer.Json.GetProperty(name), expected.GetProperty(name))
                .Should().BeTrue("{0} of {1}", name, answer.Text);
    }

    private static void ShouldHold(ApiResponse answer, string members)
    {
        foreach (var member in JsonDocument.Parse(members).RootElement.EnumerateObject())
            answer[member.Name].Should().Be(member.Value.ToString());
    }

    private static void Compare(JsonElement found, JsonElement sample, string path)
    {
        if (sample.ValueKind is JsonValueKind.Null || found.ValueKind is JsonValueKind.Null) return;
        Kind(found).Should().Be(Kind(sample), "of {0}", path);
        if (sample.ValueKind is JsonValueKind.Object)
        {
            found.EnumerateObject().Select(p => p.Name)
                .Should().BeEquivalentTo(sample.EnumerateObject().Select(p => p.Name), "these are the members of {0}", path);
            foreach (var member in sample.EnumerateObject()) Compare(found.GetProperty(member.Name), member.Value, $"{path}.{member.Name}");
        }

        if (sample.ValueKind is JsonValueKind.Array && sample.GetArrayLength() > 0)
        {
            found.GetArrayLength().Should().BePositive("{0} must show one", path);
            foreach (var item in found.EnumerateArray()) Compare(item, sample[0], $"{path}[]");
        }
        else if (sample.ValueKind is JsonValueKind.String && DateTimeOffset.TryParse(sample.GetString(), out _))
        {
            found.TryGetDateTimeOffset(out _).Should().BeTrue("{0} is a time", path);
            found.GetString().Should().EndWith("Z");
        }
    }

    private static string Kind(JsonElement e) =>
        e.ValueKind is JsonValueKind.True or JsonValueKind.False ? "boolean" : e.ValueKind.ToString();

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 200 && !await holds(); i++) await Task.Delay(25);
    }
}
