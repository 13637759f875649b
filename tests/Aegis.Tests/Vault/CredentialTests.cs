using System.Net.Http.Headers;

namespace Aegis.Tests.Vault;

/// <summary>Registering, finding, changing and retiring credentials.</summary>
public sealed class CredentialTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task Every_parameter_of_the_list_filters()
    {
        var org = await vault.Of("prov_123");
        async Task Register(string name, string provider, string type, int? days, params string[] tags) =>
            (await org.Post("/v1/credentials", new
            {
                name,
                provider,
                credential_type = type,
                value = "v",
                expires_at = days is null ? null : (DateTimeOffset?)vault.Clock.GetUtcNow().AddDays(days.Value),
                tags,
            })).ShouldBe(HttpStatusCode.Created);
        await Register("f-1", "env", "api_key", null, "red");
        await Register("f-2", "generated", "oauth", 3);
        await Register("f-3", "env", "database", -1);
        await Register("f-4", "env", "api_key", 300);
        await org.Delete("/v1/credentials/f-4");

        async Task<string> Names(string query) => string.Join(' ', (await org.Get($"/v1/credentials{query}")).ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("credentials").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        (await Names("")).Should().Be("f-1 f-2 f-3");
        (await Names("?status=active")).Should().Be("f-1");
        (await Names("?status=expiring")).Should().Be("f-2");
        (await Names("?status=expired")).Should().Be("f-3");
        (await Names("?status=retired")).Should().Be("f-4");
        (await Names("?provider=generated")).Should().Be("f-2");
        (await Names("?type=database")).Should().Be("f-3");
        (await Names("?tag=red")).Should().Be("f-1");
        (await Names("?limit=1")).Should().Be("f-1");
        (await Names("?limit=1&offset=2")).Should().Be("f-3");
        var all = await org.Get("/v1/credentials?provider=env");
        all["total"].Should().Be("2");
        (all["healthy"], all["unknown"], all["expiring"], all["expired"]).Should().Be(("0", "1", "0", "1"), "they are those of the filter");
    }

    [Theory]
    [InlineData("provider=nope", "provider must be one of ")]
    [InlineData("provider=ENV", "provider must be one of ")]
    [InlineData("type=1", "type must be ")]
    [InlineData("cursor=!", "cursor does not come from this list")]
    [InlineData("cursor=eA&offset=1", "Send either cursor or offset, not both.")]
    public async Task An_invalid_filter_is_refused(string query, string why) =>
        (await vault.Admin.Get($"/v1/credentials?{query}")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed").Text
            .Should().Contain(why);

    [Fact]
    public async Task A_type_without_credentials_gives_an_empty_list() =>
        (await vault.Admin.Get("/v1/credentials?type=API_KEY")).ShouldBe(HttpStatusCode.OK)["total"].Should().Be("0");

    [Theory]
    [InlineData("")]
    [InlineData("&status=expired")]
    public async Task Paging_by_cursor_skips_no_credential_while_one_is_retired(string filter)
    {
        var org = await vault.Of("cons_789");
        var past = filter.Length == 0 ? (DateTimeOffset?)null : vault.Clock.GetUtcNow() - TimeSpan.FromDays(1);
        foreach (var name in (string[])["p-1", "p-2", "p-3", "p-4"])
        {
            var body = new
            {
                name = name + filter.Length,
                credential_type = "paged",
                provider = "env",
                tags = new[] { $"page{filter.Length}" },
                expires_at = past
            };
            (await org.Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);
        }

        var first = await org.Get($"/v1/credentials?limit=2&tag=page{filter.Length}{filter}");
        (await org.Delete($"/v1/credentials/p-1{filter.Length}")).ShouldBe(HttpStatusCode.OK);
        var second = await org.Get($"/v1/credentials?limit=2&tag=page{filter.Length}{filter}&cursor={first["next_cursor"]}");

        second.Json.GetProperty("credentials").EnumerateArray().Select(c => c.GetProperty("name").GetString())
            .Should().Equal($"p-3{filter.Length}", $"p-4{filter.Length}");
        second["next_cursor"].Should().BeNull();
    }

    [Theory]
    [InlineData("""{"name":"","credential_type":"a","provider":"env"}""", "name")]
    [InlineData("""{"name":"a/b","credential_type":"a","provider":"env"}""", "name")]
    [InlineData("""{"name":"a ","credential_type":"a","provider":"env"}""", "name")]
    [InlineData("""{"name":"a@1","credential_type":"a","provider":"env"}""", "name")]
    [InlineData("""{"name":"a b@042","credential_type":"a","provider":"env"}""", "name")]
    [InlineData("""{"name":"n","credential_type":"1","provider":"env"}""", "credential_type")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"vault"}""", "provider")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","value":""}""", "value")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","rotation_interval_hours":0}""", "rotation_interval_hours")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","rotation_strategy":"never"}""", "rotation_strategy")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","rotation_cron":"every day"}""", "rotation_cron")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","rotation_cron":"0 0 12 * * ? 2020"}""", "rotation_cron")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","alert_threshold_hours":-1}""", "alert_threshold_hours")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","tags":["a","a"]}""", "tags")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","provider_credential_id":"a b"}""", "provider_credential_id")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"env","provider_credential_id":".."}""", "provider_credential_id")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"generated","provider_config":{"bytes":1}}""", "provider_config.bytes")]
    [InlineData("""{"name":"n","credential_type":"a","provider":"generated","provider_config":{"byte":32}}""", "provider_config.byte")]
    [InlineData("""{"name":"n","credential_type":"a"}""", "provider")]
    public async Task An_invalid_member_is_named_by_its_wire_path(string body, string path)
    {
        var refused = await vault.Admin.Post("/v1/credentials", body);

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, path == "provider_config.byte" ? "unknown_member" : "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(path);
    }

    [Fact]
    public async Task A_value_of_64_KiB_is_accepted_and_one_byte_more_is_refused()
    {
        var name = await vault.Registered(value: new string('x', 65_536));

        (await vault.ValueOf(name)).Should().HaveLength(65_536);
        (await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = new string('x', 65_537) })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = new string('ü', 32_769) })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Values_are_returned_unchanged()
    {
        foreach (var value in new[] { "\u0000\t\r\n\"\\/", "émoji 🔑 ", " leading and trailing ", "{\"a\":1}", "\u202e\ufeff" })
        {
            var name = await vault.Registered(value: value);
            (await vault.ValueOf(name)).Should().Be(value);
        }
    }

    [Fact]
    public async Task If_Match_sets_a_value_only_while_the_version_that_was_read_is_in_use()
    {
        var name = await vault.Registered(value: null);
        (await vault.Admin.Get($"/v1/credentials/{name}/value")).ShouldBeRefused(HttpStatusCode.NotFound, "value_missing");
        (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBeRefused(HttpStatusCode.NotFound, "value_missing");
        var path = $"/v1/credentials/{name}/value";

        (await vault.Admin.With("If-Match", "\"0\"").Put(path, new { value = "a" })).ShouldBe(HttpStatusCode.OK)["version"]
            .Should().Be("1");
        (await vault.Admin.With("If-Match", "\"0\"")
            .Put(path, new { value = "b" })).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await vault.Admin.With("If-Match", "nonsense")
            .Put(path, new { value = "b" })).ShouldBeRefused(HttpStatusCode.BadRequest, "if_match_invalid");
        var read = await vault.Admin.Get(path);
        read.Headers.ETag.Should().Be(new EntityTagHeaderValue("\"1\""));
        (await vault.Admin.With("If-Match", "\"1\"").Put(path, new { value = "c", reason = "why" })).ShouldBe(HttpStatusCode.OK);
        (await vault.Admin.Get($"{path}?version=1"))["value"].Should().Be("a");
        (await vault.Admin.Get($"{path}?version=9")).ShouldBeRefused(HttpStatusCode.NotFound, "version_not_found");
        (await vault.Admin.Get($"{path}?version=0")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");

        var racing = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => vault.Admin.With("If-Match", "\"2\"").Put(path, new { value = $"r{i}" })));
        racing.Count(r => r.Status == HttpStatusCode.OK).Should().Be(1);
        racing.Where(r => r.Status != HttpStatusCode.OK)
            .Should().OnlyContain(r => r.Status == HttpStatusCode.PreconditionFailed || r.Status == HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task PATCH_changes_the_sent_members_and_returns_the_names_of_changed_ones()
    {
        var name = await vault.Registered("standin", config: new { note = "n", password = "hidden" });

        (await Patch(name, """{"description":null,"tags":[]}""")).Json.GetProperty("updated_fields").GetArrayLength().Should().Be(0);
        (await Patch(name, """{"description":"d","rotation_enabled":true,"metadata":{"a":{"b":[1]}}}"""))
            .Json.GetProperty("updated_fields").ToString()
            .Should().Be("""["description","rotation_enabled","rotation_strategy","metadata"]""");
        (await vault.Admin.Get($"/v1/credentials/{name}"))["next_rotation_at"].Should().NotBeNull();
        var redirected = await Patch(name, """{"provider_config":{"note":"m"}}""");
        redirected.ShouldBeRefused(HttpStatusCode.BadRequest, "secret_required");
        redirected.Json.GetProperty("errors").TryGetProperty("provider_config.password", out _)
            .Should().BeTrue("a kept secret must not go where a new member says");
        (await Patch(name, """{"provider_config":{"note":"n"}}""")).Json.GetProperty("updated_fields").GetArrayLength()
            .Should().Be(0, "what is not sent stays");
        (await Patch(name, """{"provider_config":{"note":"m","password":"hidden"}}""")).Text.Should().Contain("provider_config");
        var blind = await vault.With("credential:create", "credential:read");
        (await blind.Send(new HttpRequestMessage(HttpMethod.Patch,
            $"/v1/credentials/{name}")
        { Content = new StringContent("""{"provider_config":{}}""", Encoding.UTF8, "application/json") }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await blind.Send(
            new HttpRequestMessage(HttpMethod.Patch,
                $"/v1/credentials/{name}")
            {
                Content = new StringContent("""{"provider_credential_id":"mine"}""", Encoding.UTF8, "application/json")
            }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");

        var config = await vault.Admin.Get($"/v1/credentials/{name}/provider-config");
        config["provider_config.note"].Should().Be("m");
        config.Json.GetProperty("secret_members")[0].GetString().Should().Be("password", "it is set");
        config.Text.Should().NotContain("hidden");
        (await Patch(name, """{"provider_config":null}""")).Text.Should().Contain("provider_config");
        (await vault.Admin.Get($"/v1/credentials/{name}/provider-config")).Json.GetProperty("secret_members").GetArrayLength()
            .Should().Be(0);
        (await Patch(name, """{"tags":["a","a"]}""")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await Patch(name, """{"rotation_strategy":null}""")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task A_retired_credential_keeps_its_name_and_returns_no_value()
    {
        var name = await vault.Registered(value: "leaked-later");

        (await vault.Admin.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);

        (await vault.Admin.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("retired");
        (await vault.Admin.Get($"/v1/credentials/{name}/value")).ShouldBeRefused(HttpStatusCode.Conflict, "credential_retired");
        (await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = "v" })).ShouldBeRefused(
            HttpStatusCode.Conflict, "credential_retired");
        (await Patch(name, """{"description":"d"}""")).ShouldBeRefused(HttpStatusCode.Conflict, "credential_retired");
        (await vault.Admin.Post("/v1/credentials", new { name, credential_type = "a", provider = "env" })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "credential_exists");
        var found = await vault.Admin.Post("/v1/credentials/search-leak", new { value = "leaked-later" });
        found.Json.GetProperty("matches")[0].GetProperty("status").GetString().Should().Be("retired");
    }

    [Fact]
    public async Task Names_are_case_sensitive_and_unique_in_one_organization()
    {
        var stranger = await vault.Of("cons_789");
        var name = await vault.Registered();
        var upper = name.ToUpperInvariant();

        (await vault.Admin.Post("/v1/credentials", new { name = upper, credential_type = "a", provider = "env" })).ShouldBe(
            HttpStatusCode.Created);
        (await stranger.Post("/v1/credentials", new { name, credential_type = "a", provider = "env", value = "theirs" })).ShouldBe(
            HttpStatusCode.Created);

        (await stranger.Get($"/v1/credentials/{name}/value"))["value"].Should().Be("theirs");
        (await stranger.Get($"/v1/credentials/{upper}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await stranger.Post("/v1/credentials/search-leak", new { value = "first-value" })).Json.GetProperty("matches").GetArrayLength()
            .Should().Be(0);
    }

    [Fact]
    public async Task Twenty_concurrent_registrations_of_a_name_make_one_credential()
    {
        var name = Aegis.Kernel.Identifiers.Ids.New("c", vault.Clock.GetUtcNow());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => vault.Admin.Post("/v1/credentials", new { name, credential_type = "a", provider = "env", value = "v" })));

        answers.Count(a => a.Status == HttpStatusCode.Created).Should().Be(1);
        answers.Where(a => a.Status != HttpStatusCode.Created).Should().OnlyContain(a => a["code"] == "credential_exists");
    }

    [Fact]
    public async Task Each_of_many_concurrent_uses_is_counted_once()
    {
        var name = await vault.Registered();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => vault.ValueOf(name)));
        await vault.App.Run<Aegis.Vault.Usage.JoinUsesJob>();
        await Stats(name, 100, 100, 100);
        vault.Clock.Advance(TimeSpan.FromHours(25));
        await vault.ValueOf(name);
        await vault.App.Run<Aegis.Vault.Usage.JoinUsesJob>();
        await Stats(name, 101, 1, 101);
        vault.Clock.Advance(TimeSpan.FromDays(7.1));
        await vault.App.Run<Aegis.Vault.Usage.JoinUsesJob>();
        await vault.ValueOf(name);
        await Stats(name, 102, 1, 1);
    }

    private async Task Stats(string name, int total, int day, int week)
    {
        var stats = (await vault.Admin.Get($"/v1/credentials/{name}")).Json.GetProperty("usage_stats");
        stats.ToString().Should().Be($$"""{"total_uses":{{total}},"uses_last_24h":{{day}},"uses_last_7d":{{week}}}""");
    }

    private Task<ApiResponse> Patch(string name, string body) => vault.Admin.Send(
        new HttpRequestMessage(HttpMethod.Patch,
            $"/v1/credentials/{name}")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") });
}
