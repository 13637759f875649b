using Aegis.Kernel.Auditing;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Audit;

public sealed class AuditListTests : IAsyncLifetime
{
    private AuditHost host = null!;

    public async Task InitializeAsync() => host = await AuditHost.Start();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task An_organization_lists_its_own_entries_only()
    {
        await Write(At(1, "cons_456"), At(2, "cons_789"), At(3, "prov_123", "cons_789"));

        (await Objects("cons_456")).Should().Equal("req_1");
        (await Objects("cons_789")).Should().Equal("req_3", "req_2");
        (await Objects("org_platform")).Should().BeEmpty();
    }

    [Fact]
    public async Task Actions_of_the_other_party_show_only_action_object_time_and_outcome()
    {
        await Write(At(1, "prov_123", "cons_456"));

        var answer = await host.As("cons_456").Get("/v1/audit");

        var seen = answer.Json.GetProperty("items")[0];
        seen.GetProperty("action").GetString().Should().Be("GET /v1/requests/{id}");
        seen.GetProperty("object").GetString().Should().Be("req_1");
        seen.GetProperty("outcome").GetString().Should().Be("success");
        foreach (var hidden in new[] { "code", "organization", "actor", "details" })
            seen.GetProperty(hidden).ValueKind.Should().Be(JsonValueKind.Null);
        answer.Text.Should().NotContainAny("key_one", "Reading room", "192.0.2.7", "r-1");
    }

    [Theory]
    [InlineData("actor=key_one")]
    [InlineData("actor=usr_one")]
    [InlineData("actor=Reading%20room")]
    public async Task The_other_partys_actor_cannot_be_guessed_by_filters(string filter)
    {
        await Write(At(1, "prov_123", "cons_456"));

        (await Objects("cons_456", filter)).Should().BeEmpty();
        (await Objects("prov_123", filter)).Should().Equal("req_1");
    }

    [Theory]
    [InlineData("object=req_2", "req_2")]
    [InlineData("action=transfer.opened", "req_3")]
    [InlineData("action=transfer.*", "req_4,req_3")]
    [InlineData("action=GET%20*", "req_2,req_1")]
    [InlineData("action=get%20*", "")]
    [InlineData("outcome=refused", "req_2")]
    [InlineData("kind=event", "req_4,req_3")]
    [InlineData("from=2026-05-04T08:00:02Z", "req_4,req_3,req_2")]
    [InlineData("to=2026-05-04T08:00:02Z", "req_1")]
    [InlineData("from=2026-05-04T10:00:02%2B02:00&to=2026-05-04T08:00:04.0Z", "req_3,req_2")]
    [InlineData("kind=event&action=transfer.viewed&from=2026-05-04T08:00:00Z", "req_4")]
    [InlineData("actor=key_one&object=req_1", "req_1")]
    [InlineData("actor=key_two", "")]
    public async Task Filters_combine(string filter, string expected)
    {
        await Write(
            At(1), At(2) with { Outcome = "refused", Code = "not_found" },
            At(3) with { Kind = "event", Action = "transfer.opened" }, At(4) with { Kind = "event", Action = "transfer.viewed" });

        (await Objects("cons_456", filter)).Should().Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-05-04", "to")]
    [InlineData("from=2026-13-04T08:00:00Z", "from")]
    [InlineData("outcome=good", "outcome")]
    [InlineData("kind=any", "kind")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("cursor=bm9wZQ", "cursor")]
    [InlineData("cursor=MS4y.", "cursor")]
    public async Task A_refusal_names_the_malformed_filter(string filter, string name)
    {
        var refused = await host.As("cons_456").Get($"/v1/audit?{filter}");

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&from=2026-05-04T08:00:00Z")]
    [InlineData("&kind=call")]
    [InlineData("&action=GET%20*")]
    public async Task Pages_follow_each_other_without_a_gap(string filter)
    {
        await Write([.. Enumerable.Range(1, 7).Select(i => At(i))]);

        var first = await host.As("cons_456").Get($"/v1/audit?limit=4{filter}");
        var second = await host.As("cons_456").Get($"/v1/audit?limit=4{filter}&cursor={first["nextCursor"]}");

        ObjectsOf(first).Should().Equal("req_7", "req_6", "req_5", "req_4");
        ObjectsOf(second).Take(3).Should().Equal("req_3", "req_2", "req_1");
        second["nextCursor"].Should().BeNull();
    }

    [Fact]
    public async Task A_rare_entry_is_found_after_an_empty_page()
    {
        await Write(At(1) with { Outcome = "failed" });
        await Write([.. Enumerable.Range(2, 6_000).Select(i => At(i))]);
        await host.UntilSequenced();

        var first = await host.As("cons_456").Get("/v1/audit?outcome=failed");
        var second = await host.As("cons_456").Get($"/v1/audit?outcome=failed&cursor={first["nextCursor"]}");

        ObjectsOf(first).Should().BeEmpty();
        ObjectsOf(second).Should().Equal("req_1");
        second["nextCursor"].Should().BeNull();
    }

    [Fact]
    public async Task A_reader_sees_every_entry_that_was_stored_before_its_call()
    {
        for (var i = 1; i <= 20; i++)
        {
            await Write(At(i));
            (await Objects("cons_456", "limit=1&kind=call&object=req_" + i)).Should().Equal($"req_{i}");
        }
    }

    [Fact]
    public async Task Reading_the_trail_needs_the_scope_audit_read()
    {
        (await host.Anonymous.Get("/v1/audit")).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        var refused = await host.As(AuditHost.NoScope).Get("/v1/audit");

        refused.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        refused["required_permission"].Should().Be("audit:read");
    }

    private static AuditFact At(int second, string organization = "cons_456", string? other = null)
    {
        var fact = AuditBed.Fact(second, organization, other);
        return fact with { Id = Ids.New("log", fact.At), Actor = fact.Actor! with { Subject = "usr_one" } };
    }

    private Task Write(params AuditFact[] facts) =>
        Task.WhenAll(facts.Select(f => host.Services.GetRequiredService<IAuditTrail>().Write(f, default)));

    /// <summary>Objects of the entries that the test wrote. Entries of the reading calls have no object.</summary>
    private async Task<List<string?>> Objects(string organization, string filter = "") =>
        ObjectsOf((await host.As(organization).Get($"/v1/audit?{filter}")).ShouldBe(HttpStatusCode.OK));

    private static List<string?> ObjectsOf(ApiResponse answer) =>
        [.. answer.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("object").GetString()).Where(o => o is not null)];
}
