using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Aegis.Tests.Vault.N8n;

public sealed class ApplyTests(N8nApp app) : IClassFixture<N8nApp>
{
    private const string HttpRequest = """
        [{"id":"a1","name":"Start","type":"n8n-nodes-base.manualTrigger","typeVersion":1,"position":[0,0],"parameters":{}},
         {"id":"a2","name":"HTTP Request","type":"n8n-nodes-base.httpRequest","typeVersion":4.2,"position":[200,0],"parameters":{"url":"https://api.example.org"}}]
        """;

    private const string Slack =
        """[{"id":"a2","name":"HTTP Request","type":"n8n-nodes-base.slack","typeVersion":2,"position":[0,0],"parameters":{}}]""";

    [Fact]
    public async Task The_node_uses_the_credential_and_nothing_else_changes()
    {
        await using var tenant = await app.Connected();
        tenant.N8n.Hold("The key"); // names repeat in n8n
        var id = tenant.N8n.Hold("The key");
        var workflow = tenant.N8n.Draw(HttpRequest, """{"executionOrder":"v1","binaryMode":"separate"}""");
        var name = await tenant.Registered(id);

        var applied = (await Apply(tenant, name, workflow, agent: "HEPHAESTUS")).ShouldBe(HttpStatusCode.OK);

        applied.Json.EnumerateObject().Select(m => m.Name).Should().Equal("status", "credential", "workflow_id", "node", "applied_at");
        (applied["status"], applied["credential"], applied["workflow_id"], applied["node"])
            .Should().Be(("applied", name, workflow, "HTTP Request"));
        var stored = tenant.N8n.Workflow(workflow);
        stored["nodes"]![1]!["credentials"]!.ToJsonString().Should().Be($$$"""{"httpHeaderAuth":{"id":"{{{id}}}","name":"The key"}}""");
        stored["nodes"]![1]!["parameters"]!.ToJsonString()
            .Should().Be(
                """{"url":"https://api.example.org","authentication":"genericCredentialType","genericAuthType":"httpHeaderAuth"}""");
        stored["settings"]!.ToJsonString()
            .Should().Be("""{"executionOrder":"v1","binaryMode":"separate"}""", "a setting that PUT refuses is not sent, and n8n keeps it");
        JsonNode.DeepEquals(stored["nodes"]![0], JsonNode.Parse(HttpRequest)![0]).Should().BeTrue();
        tenant.N8n.Heard.Single(h => h.Line.StartsWith("PUT", StringComparison.Ordinal)).Body.Should().NotContain("staticData");
        var log = (await tenant.Admin.Get($"/audit/log?credential_name={name}&action=applied")).Json.GetProperty("log")[0];
        (log.GetProperty("target").GetString(), log.GetProperty("on_behalf_of").GetString(), log.GetProperty("success").GetBoolean())
            .Should().Be(($"{workflow}/HTTP Request", "HEPHAESTUS", true));
    }

    [Fact]
    public async Task The_person_a_caller_acts_for_is_found_by_actor_and_by_on_behalf_of()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));
        (await Apply(tenant, name, workflow, agent: "HEPHAESTUS")).ShouldBe(HttpStatusCode.OK);

        foreach (var query in new[] { "actor=HEPHAESTUS", "on_behalf_of=HEPHAESTUS", "actor=HEPHAESTUS&on_behalf_of=HEPHAESTUS" })
            (await tenant.Admin.Get($"/audit/log?credential_name={name}&{query}"))["total"].Should().Be("1", query);
        (await tenant.Admin.Get($"/audit/log?credential_name={name}&on_behalf_of=HEPHAEST"))["total"].Should().Be("0");
        (await Apply(tenant, name, workflow, agent: "HEPH\u202eSUTSEA")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Applying_again_changes_nothing_in_n8n()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));

        (await Apply(tenant, name, workflow)).ShouldBe(HttpStatusCode.OK);
        (await Apply(tenant, name, workflow)).ShouldBe(HttpStatusCode.OK);

        tenant.Changes().Should().ContainSingle();
    }

    [Fact]
    public async Task An_HTTP_Request_uses_a_specific_type_as_predefined()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var name = await tenant.Registered(tenant.N8n.Hold("OpenAI", "openAiApi"));

        (await Apply(tenant, name, workflow)).ShouldBe(HttpStatusCode.OK);

        var node = tenant.N8n.Workflow(workflow)["nodes"]![1]!;
        (node["parameters"]!["authentication"]!.GetValue<string>(), node["parameters"]!["nodeCredentialType"]!.GetValue<string>())
            .Should().Be(("predefinedCredentialType", "openAiApi"));
    }

    [Fact]
    public async Task An_active_workflow_is_published_again()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest, active: true);
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));

        (await Apply(tenant, name, workflow)).ShouldBe(HttpStatusCode.OK);

        tenant.N8n.Published.Should().Equal(workflow);
    }

    [Fact]
    public async Task Unpublished_changes_of_others_are_not_published()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest, active: true);
        tenant.N8n.Edit(workflow, w => w["nodes"]![1]!["parameters"]!["url"] = "https://half-finished.example.org");
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));

        (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "workflow_unpublished");

        tenant.Changes().Should().BeEmpty();
    }

    [Theory]
    [InlineData(Slack, "httpHeaderAuth", "credential_type_mismatch")]
    [InlineData(Slack, "slackApi", null)]
    [InlineData(
        """[{"id":"a2","name":"HTTP Request","type":"n8n-nodes-base.slack","position":[0,0],"credentials":{"slackOAuth2Api":{"id":"x","name":"y"}}}]""", "slackApi", "credential_type_mismatch")]
    [InlineData(
        """[{"id":"a2","name":"HTTP Request","type":"n8n-nodes-base.gmail","position":[0,0],"credentials":{"googleApi":{"id":"x","name":"y"}}}]""", "googleApi", null)]
    [InlineData(
        """[{"id":"a2","name":"HTTP Request","type":"n8n-nodes-base.httpRequest","typeVersion":1,"position":[0,0],"parameters":{}}]""",
        "httpHeaderAuth", "credential_type_mismatch")]
    public async Task A_type_that_the_node_may_not_be_able_to_use_is_refused(string nodes, string type, string? code)
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(nodes);
        var name = await tenant.Registered(tenant.N8n.Hold("One", type));

        var answer = await Apply(tenant, name, workflow);

        if (code is null) answer.ShouldBe(HttpStatusCode.OK);
        else answer.ShouldBeRefused(HttpStatusCode.Conflict, code);
        tenant.Changes().Should().HaveCount(code is null ? 1 : 0);
    }

    [Fact]
    public async Task A_refusal_names_the_missing_object()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var twice = tenant.N8n.Draw(HttpRequest.Replace("\"Start\"", "\"HTTP Request\"", StringComparison.Ordinal));
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));

        (await Apply(tenant, name, "wf-none")).ShouldBeRefused(HttpStatusCode.NotFound, "workflow_not_found");
        (await Apply(tenant, name, workflow, "http request")).ShouldBeRefused(HttpStatusCode.NotFound, "node_not_found");
        (await Apply(tenant, name, twice)).ShouldBeRefused(HttpStatusCode.Conflict, "node_ambiguous");
        (await Apply(tenant, await tenant.Registered("cr-none"), workflow)).ShouldBeRefused(
            HttpStatusCode.Conflict, "credential_not_in_n8n");
        (await Apply(tenant, await tenant.Registered(null), workflow)).ShouldBeRefused(
            HttpStatusCode.Conflict, "provider_credential_id_missing");
        (await Apply(tenant, "nobody", workflow)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        await using var stranger = await app.Connected();
        (await Apply(stranger, name, workflow)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await (await tenant.With("credential:read")).Post(
            $"/v1/credentials/{name}/apply", new { workflow_id = workflow, node_name = "HTTP Request" }))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        await tenant.Admin.Delete($"/v1/credentials/{name}");
        (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "credential_retired");
        tenant.Changes().Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"node_name":"N"}""", "workflow_id")]
    [InlineData("""{"workflow_id":"a/../b","node_name":"N"}""", "workflow_id")]
    [InlineData("""{"workflow_id":".","node_name":"N"}""", "workflow_id")]
    [InlineData("""{"workflow_id":"a","node_name":""}""", "node_name")]
    [InlineData("""{"workflow_id":"a","node_name":"N","requested_by":""}""", "requested_by")]
    public async Task An_invalid_body_is_refused(string body, string member)
    {
        await using var tenant = await app.Tenant();

        (await tenant.Admin.Post("/v1/credentials/any/apply", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed")
            .Json.GetProperty("errors").TryGetProperty(member, out _).Should().BeTrue();
    }

    [Fact]
    public async Task A_workflow_that_someone_edits_before_the_change_is_not_changed()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));
        var reads = 0;
        tenant.N8n.Before = (_, asked) =>
        {
            if (asked.Line.StartsWith("GET /api/v1/workflows/", StringComparison.Ordinal) && ++reads == 2)
                tenant.N8n.Edit(workflow, w => w["name"] = "Renamed");
            return Task.FromResult(false);
        };

        (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "workflow_changed");

        tenant.Changes().Should().BeEmpty();
        tenant.N8n.Workflow(workflow)["name"]!.GetValue<string>().Should().Be("Renamed");
    }

    [Fact]
    public async Task A_workflow_that_someone_edits_after_the_change_keeps_that_edit()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));
        var reads = 0;
        tenant.N8n.Before = (_, asked) =>
        {
            if (asked.Line.StartsWith("GET /api/v1/workflows/", StringComparison.Ordinal) && ++reads == 3)
                tenant.N8n.Edit(workflow, w => w["nodes"]![1]!.AsObject().Remove("credentials"));
            return Task.FromResult(false);
        };

        (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "workflow_changed");

        tenant.Changes().Should().ContainSingle("an edit by someone else is not undone");
        tenant.N8n.Workflow(workflow)["nodes"]![1]!.AsObject().ContainsKey("credentials").Should().BeFalse();
    }

    [Fact]
    public async Task A_workflow_that_n8n_stored_differently_is_restored()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var id = tenant.N8n.Hold("The key");
        tenant.N8n.Hold("Another");
        var name = await tenant.Registered(id);
        var before = tenant.N8n.Workflow(workflow);
        tenant.N8n.Before = (_, asked) =>
        {
            if (!asked.Line.StartsWith("PUT", StringComparison.Ordinal)) return Task.FromResult(false);
            if (asked.Body.Contains(id, StringComparison.Ordinal))
            {
                tenant.N8n.Forget(id); // deleted between the check and the change: n8n then uses another one with the same name
                tenant.N8n.Hold("The key");
            }

            return Task.FromResult(false);
        };

        var refused = (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "apply_not_taken");

        refused.Json.GetProperty("restored").GetBoolean().Should().BeTrue();
        JsonNode.DeepEquals(tenant.N8n.Workflow(workflow)["nodes"], before["nodes"]).Should().BeTrue();
        (await tenant.Admin.Get($"/audit/log?credential_name={name}&action=applied")).Json.GetProperty("log").GetArrayLength()
            .Should().Be(0);
    }

    [Fact]
    public async Task A_failed_restore_is_reported()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));
        tenant.N8n.Distort = w => w["nodes"]![1]!["disabled"] = true;

        (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "apply_not_taken").Json.GetProperty("restored")
            .GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_workflow_that_n8n_does_not_accept_is_refused()
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest, more: """{"isArchived":true}""");
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));

        (await Apply(tenant, name, workflow)).ShouldBeRefused(HttpStatusCode.Conflict, "workflow_not_writable");
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.BadGateway)]
    public async Task When_the_answer_is_lost_the_workflow_in_n8n_decides(bool happened, HttpStatusCode status)
    {
        await using var tenant = await app.Connected();
        var workflow = tenant.N8n.Draw(HttpRequest);
        var id = tenant.N8n.Hold("The key");
        var name = await tenant.Registered(id);
        tenant.N8n.Before = (context, asked) =>
        {
            if (!asked.Line.StartsWith("PUT", StringComparison.Ordinal)) return Task.FromResult(false);
            if (happened) tenant.N8n.Edit(workflow, w => w["nodes"] = JsonNode.Parse(asked.Body)!["nodes"]!.DeepClone());
            context.Abort();
            return Task.FromResult(true);
        };

        var answer = await Apply(tenant, name, workflow);

        if (status is HttpStatusCode.OK) answer.ShouldBe(status);
        else answer.ShouldBeRefused(status, "n8n_unreachable")["provider_code"].Should().Be("answer_lost");
    }

    [Theory]
    [InlineData("\\ud83d\\ude00", true)]
    [InlineData("\\\\ud83d", true)]
    [InlineData("\\ud83d", false)]
    [InlineData("\\ude00", false)]
    [InlineData("\\ud83dx\\ude00", false)]
    public async Task A_workflow_with_half_of_a_surrogate_pair_is_not_touched(string written, bool isText)
    {
        await using var tenant = await app.Connected();
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));
        tenant.N8n.Before = async (context, asked) =>
        {
            if (!asked.Line.StartsWith("GET /api/v1/workflows/", StringComparison.Ordinal)) return false;
            await context.Response.WriteAsync($$$"""{"id":"w","name":"{{{written}}}","nodes":[],"connections":{},"settings":{}}""");
            return true;
        };

        var answer = await Apply(tenant, name, "w");

        if (isText) answer.ShouldBeRefused(HttpStatusCode.NotFound, "node_not_found");
        else answer.ShouldBeRefused(HttpStatusCode.BadGateway, "n8n_answer_unexpected");
        tenant.Changes().Should().BeEmpty();
    }

    [Fact]
    public async Task Two_calls_at_once_do_not_undo_each_other()
    {
        await using var tenant = await app.Connected();
        var workflow =
            tenant.N8n.Draw(HttpRequest.Replace("n8n-nodes-base.manualTrigger", "n8n-nodes-base.httpRequest", StringComparison.Ordinal)
                .Replace("\"typeVersion\":1,", "\"typeVersion\":4,", StringComparison.Ordinal));
        var name = await tenant.Registered(tenant.N8n.Hold("The key"));

        var answers = await Task.WhenAll(Apply(tenant, name, workflow, "Start"), Apply(tenant, name, workflow));

        answers.Should().AllSatisfy(a => a.ShouldBe(HttpStatusCode.OK));
        tenant.N8n.Workflow(workflow)["nodes"]!.AsArray().Should().AllSatisfy(n => n!["credentials"].Should().NotBeNull());
    }

    private static Task<ApiResponse> Apply(
        Tenant tenant, string name, string workflow, string node = "HTTP Request", string? agent = null) =>
        tenant.Admin.Post($"/credentials/{name}/apply", new { workflow_id = workflow, node_name = node, requested_by = agent });
}
