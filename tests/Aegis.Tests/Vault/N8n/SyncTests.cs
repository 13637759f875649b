using Aegis.Vault.Persistence;
using Aegis.Vault.Sync;
using Microsoft.AspNetCore.Http;

namespace Aegis.Tests.Vault.N8n;

public sealed class SyncTests(N8nApp app) : IClassFixture<N8nApp>
{
    [Fact]
    public async Task Credentials_of_n8n_are_imported_by_id_and_without_a_value()
    {
        await using var tenant = await app.Connected();
        tenant.N8n.MaxPerPage = 2; // so that there are pages
        var ids = new[] { "OpenAI  Schlüssel!", "Zweiter", "Zweiter", "日本" }.Select(n => tenant.N8n.Hold(n)).ToList();

        var synced = await Sync(tenant);

        synced.Json.EnumerateObject().Select(m => m.Name).Should().Equal("synced", "new", "updated", "synced_at");
        synced["synced"].Should().Be("4");
        var names = New(synced);
        names.Should().BeEquivalentTo("openai-schlussel", "zweiter", $"zweiter-{ids[2][..6]}", "n8n-credential");
        foreach (var item in synced.Json.GetProperty("new").EnumerateArray())
        {
            var details = await tenant.Admin.Get($"/v1/credentials/{item.GetProperty("name").GetString()}");
            (details.Id, details["provider"], details["credential_type"], details["version"])
                .Should().Be((item.GetProperty("id").GetString()!, "n8n", "httpHeaderAuth", "0"));
            ids.Should().Contain(details["provider_credential_id"]!);
        }

        (await tenant.Admin.Get("/v1/credentials"))["total"].Should().Be("4");
        (await Sync(tenant))["new"].Should().Be("[]");
        var log = (await tenant.Admin.Get("/audit/log?credential_name=openai-schlussel&action=synced")).Json.GetProperty("log");
        log.GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_dry_run_reports_the_same_and_changes_nothing()
    {
        await using var tenant = await app.Connected();
        tenant.N8n.Hold("One");
        tenant.N8n.Hold("Two");

        var dry = (await tenant.Admin.Post("/sync/n8n?dryRun=true")).ShouldBe(HttpStatusCode.OK);

        dry["dry_run"].Should().Be("True");
        (await tenant.Admin.Get("/v1/credentials"))["total"].Should().Be("0");
        (await tenant.Admin.Get("/v1/sync/n8n")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        New(await Sync(tenant)).Should().Equal(New(dry));
        (await tenant.Admin.Post("/sync/n8n?dryRun=perhaps")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task A_credential_is_matched_by_its_id_whatever_its_name()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Called otherwise there");
        var mine = await tenant.Registered(id, "a-value-of-mine", provider: "generated");

        var synced = await Sync(tenant);

        (synced["synced"], synced["new"], synced["updated"]).Should().Be(("1", "[]", "[]"));
        (await tenant.Admin.Get($"/v1/credentials/{mine}/value"))["value"].Should().Be("a-value-of-mine");
        var copy = (await tenant.Admin.Get("/v1/sync/n8n")).Json.GetProperty("items")[0];
        (copy.GetProperty("credential").GetString(), copy.GetProperty("n8n_name").GetString(), copy.GetProperty("n8n_type").GetString())
            .Should().Be((mine, "Called otherwise there", "httpHeaderAuth"));
    }

    [Fact]
    public async Task Changes_in_n8n_are_applied_or_reported()
    {
        await using var tenant = await app.Connected();
        var (followed, edited) = (tenant.N8n.Hold("Followed"), tenant.N8n.Hold("Edited"));
        await Sync(tenant);
        await tenant.Admin.Send(
            new HttpRequestMessage(HttpMethod.Patch,
                "/v1/credentials/edited")
            {
                Content = new StringContent("""{"description":"Mine","credential_type":"own"}""", System.Text.Encoding.UTF8,
                        "application/json")
            });
        foreach (var id in new[] { followed, edited })
            (tenant.N8n.Credential(id).Name, tenant.N8n.Credential(id).Type) = ("Renamed", "httpBasicAuth");

        var synced = await Sync(tenant);

        Updated(synced).Should().Equal("edited: name, type", "followed: description, credential_type");
        var now = await tenant.Admin.Get("/v1/credentials/followed");
        (now["description"], now["credential_type"]).Should().Be(("Renamed", "httpBasicAuth"));
        (await tenant.Admin.Get("/v1/credentials/edited"))["description"].Should().Be("Mine");
        Updated(await Sync(tenant)).Should().BeEmpty("it was already reported");
    }

    [Fact]
    public async Task A_credential_missing_in_n8n_is_reported_and_stays()
    {
        await using var tenant = await app.Connected();
        var id = tenant.N8n.Hold("Going");
        var never = await tenant.Registered("never-there");
        var foreign = await tenant.Registered("key_of_another_provider", provider: "generated");
        Updated(await Sync(tenant)).Should().Equal($"{never}: missing");
        tenant.N8n.Forget(id);

        Updated(await Sync(tenant)).Should().Equal("going: missing");

        (await tenant.Admin.Get("/v1/credentials/going"))["status"].Should().Be("active");
        Missing(await tenant.Admin.Get("/v1/sync/n8n")).Should().BeEquivalentTo("going", never).And.NotContain(foreign);
        Updated(await Sync(tenant)).Should().BeEmpty();
    }

    [Fact]
    public async Task An_entry_hidden_by_paging_is_not_reported_as_missing()
    {
        await using var tenant = await app.Connected();
        tenant.N8n.MaxPerPage = 2;
        var ids = Enumerable.Range(0, 5).Select(i => tenant.N8n.Hold($"Number {i}")).ToList();
        await Sync(tenant);
        var calls = 0;
        tenant.N8n.Before = (_, _) =>
        {
            if (++calls == 2) tenant.N8n.Forget(ids[4]); // it was on the first page, so the second page begins one entry too late
            return Task.FromResult(false);
        };

        var synced = await Sync(tenant);

        Updated(synced).Should().BeEmpty("the deleted one was still listed, and the second read finds the hidden one");
        Updated(await Sync(tenant)).Should().Equal("number-4: missing");
    }

    [Fact]
    public async Task A_retired_credential_is_not_imported_again_and_a_returned_one_is_reported()
    {
        await using var tenant = await app.Connected();
        tenant.N8n.Hold("Retired");
        await Sync(tenant);
        await tenant.Admin.Delete("/v1/credentials/retired");

        (await Sync(tenant))["new"].Should().Be("[]");

        var away = await tenant.Registered("cr000099Xy");
        Updated(await Sync(tenant)).Should().Equal($"{away}: missing");
        while (tenant.N8n.Hold("Filler") != "cr000099Xy") { }
        Updated(await Sync(tenant)).Should().Equal($"{away}: found");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_made_unique()
    {
        await using var tenant = await app.Connected();
        await tenant.Admin.Post("/v1/credentials", new { name = "the-key", credential_type = "api_key", provider = "generated" });
        var id = tenant.N8n.Hold("The key");

        New(await Sync(tenant)).Should().Equal($"the-key-{id[..6]}");
    }

    [Fact]
    public async Task Two_comparisons_at_once_import_each_credential_once()
    {
        await using var tenant = await app.Connected();
        for (var i = 0; i < 450; i++) tenant.N8n.Hold($"Number {i % 100}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Sync(tenant)));

        answers.Sum(a => a.Json.GetProperty("new").GetArrayLength()).Should().Be(450);
        await app.Auth.App.Use<VaultDb>(async db =>
        {
            var ids = await db.Credentials.Where(c => c.OrganizationId == tenant.Organization).Select(c => c.ProviderCredentialId)
                .ToListAsync();
            ids.Should().HaveCount(450).And.OnlyHaveUniqueItems();
        });
        (await tenant.Admin.Get("/v1/credentials?limit=1"))["total"].Should().Be("450");
    }

    [Theory]
    [InlineData("GET /api/v1/credentials", 405, HttpStatusCode.Conflict, "n8n_version_unsupported")]
    [InlineData("GET /api/v1/credentials", 404, HttpStatusCode.Conflict, "n8n_version_unsupported")]
    [InlineData("GET /api/v1/credentials", 403, HttpStatusCode.Conflict, "n8n_access_refused")]
    [InlineData("GET /api/v1/credentials", 500, HttpStatusCode.BadGateway, "n8n_unreachable")]
    [InlineData("GET /api/v1/credentials", 302, HttpStatusCode.BadGateway, "n8n_answer_unexpected")]
    public async Task A_failed_comparison_says_why(string call, int status, HttpStatusCode expected, string code)
    {
        await using var tenant = await app.Connected();
        tenant.N8n.Lacks[call] = status;

        (await tenant.Admin.Post("/v1/sync/n8n")).ShouldBeRefused(expected, code);
    }

    [Theory]
    [InlineData("<html>welcome</html>")]
    [InlineData("[]")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":[{"id":"../x","name":"n","type":"t"}]}""")]
    [InlineData("""{"data":[{"id":7,"name":"n","type":"t"}]}""")]
    [InlineData("""{"data":[7]}""")]
    [InlineData("""{"data":[],"data":[]}""")]
    public async Task An_answer_that_does_not_come_from_n8n_is_refused(string answer)
    {
        await using var tenant = await app.Connected();
        tenant.N8n.Before = async (context, _) =>
        {
            await context.Response.WriteAsync(answer);
            return true;
        };

        (await tenant.Admin.Post("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.BadGateway, "n8n_answer_unexpected");
    }

    [Fact]
    public async Task A_wrong_key_an_unreachable_host_and_a_missing_connection_are_refused()
    {
        await using var tenant = await app.Tenant();

        (await tenant.Admin.Post("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.Conflict, "connection_missing");
        await tenant.Connect(key: "wrong");
        (await tenant.Admin.Post("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.Conflict, "n8n_access_refused")["provider_code"]
            .Should().Be("access_refused");
        await tenant.Connect("http://127.0.0.1:9");
        (await tenant.Admin.Post("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.BadGateway, "n8n_unreachable").Text
            .Should().NotContain(N8nStandIn.Key);
        (await (await tenant.With("credential:read")).Post("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await (await tenant.With("credential:create")).Get("/v1/sync/n8n")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Fact]
    public async Task Organizations_do_not_see_each_others_copies()
    {
        await using var tenant = await app.Connected();
        await using var stranger = await app.Connected();
        tenant.N8n.Hold("Mine");
        await Sync(tenant);

        (await stranger.Admin.Get("/v1/sync/n8n")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("OpenAI API key", "openai-api-key")]
    [InlineData("  --A__b..c-- ", "a__b..c")]
    [InlineData("Ä/Ö?Ü", "a-o-u")]
    [InlineData("!!!", "n8n-credential")]
    public void Names_of_n8n_become_valid_names_in_the_vault(string name, string slug)
    {
        CredentialSlug.Of(name).Should().Be(slug);
        CredentialSlug.Choices(new string('x', 500), new string('~', 100))
            .Should().AllSatisfy(c => Aegis.Vault.Credentials.CredentialNames.IsName(c).Should().BeTrue());
    }

    private static async Task<ApiResponse> Sync(Tenant tenant) => (await tenant.Admin.Post("/sync/n8n")).ShouldBe(HttpStatusCode.OK);

    private static List<string> New(ApiResponse synced) =>
        [.. synced.Json.GetProperty("new").EnumerateArray().Select(n => n.GetProperty("name").GetString()!)];

    private static List<string> Updated(ApiResponse synced) => [.. synced.Json.GetProperty("updated").EnumerateArray()
        .Select(u =>
            $"{u.GetProperty("name").GetString()}: "
                + $"{string.Join(", ", u.GetProperty("changes").EnumerateArray().Select(c => c.GetString()))}")];

    private static List<string> Missing(ApiResponse copies) => [.. copies.Json.GetProperty("items").EnumerateArray()
        .Where(c => c.GetProperty("missing_since").ValueKind is JsonValueKind.String)
        .Select(c => c.GetProperty("credential").GetString()!)];
}
