using Aegis.Kernel.Auditing;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Audit;

/// <summary>The list of the trail, page by page in both directions.</summary>
public sealed class AuditPagingTests : IAsyncLifetime
{
    private AuditHost host = null!;

    public async Task InitializeAsync() => host = await AuditHost.Start();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("object=req_1")]
    [InlineData("kind=event")]
    [InlineData("from=2026-05-04T08:00:00Z&to=2026-05-05T08:00:00Z")]
    [InlineData("from=2026-05-04T08:00:00Z&to=2026-05-05T08:00:00Z&outcome=success")]
    [InlineData("action=transfer.*")]
    public async Task Pages_lead_forward_and_back_over_the_same_entries(string filter)
    {
        var written = await Write(1, 10);

        var forward = new List<ApiResponse>();
        for (string? cursor = ""; cursor is not null; cursor = forward[^1]["nextCursor"]) forward.Add(await Page(filter, cursor, limit: 4));
        var back = new List<ApiResponse> { forward[^1] };
        while (back.Count < forward.Count) back.Add(await Page(filter, back[^1]["prevCursor"]!, limit: 4));

        forward.SelectMany(IdsOf).Should().Equal(Enumerable.Reverse(written));
        forward.Select(p => IdsOf(p).Count).Should().Equal(4, 4, 2);
        back.Select(p => string.Join(',', IdsOf(p))).Should().Equal(forward.Select(p => string.Join(',', IdsOf(p))).Reverse());
        back[^1]["nextCursor"].Should().NotBeNull();
        IdsOf(await Page(filter, back[^1]["nextCursor"]!, limit: 4)).Should().Equal(IdsOf(forward[1]));
    }

    [Fact]
    public async Task The_first_page_leads_to_entries_written_later()
    {
        await Write(1, 3);
        var first = await Page("object=req_1", "", limit: 50);

        var none = await Page("object=req_1", first["prevCursor"]!, limit: 50);
        var later = await Write(4, 5);
        var some = await Page("object=req_1", none["prevCursor"]!, limit: 3);
        var rest = await Page("object=req_1", some["prevCursor"]!, limit: 3);
        var still = await Page("object=req_1", rest["prevCursor"]!, limit: 3);

        IdsOf(none).Should().BeEmpty();
        none["prevCursor"].Should().Be(first["prevCursor"], "no entry was added");
        IdsOf(await Page("object=req_1", none["nextCursor"]!, limit: 50)).Should().Equal(IdsOf(first), "the older entries start there");
        IdsOf(some).Should().Equal(later.Take(3).Reverse());
        IdsOf(rest).Should().Equal(later.Skip(3).Reverse());
        (IdsOf(still).Count, still["prevCursor"]).Should().Be((0, rest["prevCursor"]));
    }

    [Fact]
    public async Task An_empty_trail_has_no_cursors_and_an_empty_newer_page_has_no_items()
    {
        var empty = await Page("object=req_1", "", limit: 5);
        await Write(1, 5);
        var all = await Page("object=req_1", "", limit: 5);
        var behind = await Page("object=req_2", all["prevCursor"]!, limit: 5);

        (empty["nextCursor"], empty["prevCursor"]).Should().Be((null, null));
        all["nextCursor"].Should().BeNull();
        IdsOf(behind).Should().BeEmpty();
    }

    [Fact]
    public async Task A_rare_entry_is_found_towards_newer_entries_too()
    {
        var first = await Write(1, 1);
        await Write(2, 6_000);
        var rare = await Write(6_002, 1, outcome: "failed");
        await host.UntilSequenced();
        var oldest = await Page($"object=req_1&from=2026-05-04T08:00:00Z&to=2026-05-04T08:00:02Z", "", limit: 1);
        IdsOf(oldest).Should().Equal(first);

        var pages = new List<ApiResponse> { await Page("outcome=failed", oldest["prevCursor"]!, limit: 10) };
        while (pages[^1]["prevCursor"] is { } cursor && pages.Count < 10 && (pages.Count < 2 || cursor != pages[^2]["prevCursor"]))
            pages.Add(await Page("outcome=failed", cursor, limit: 10));

        pages.SelectMany(IdsOf).Should().Equal(rare);
        IdsOf(pages[0]).Should().BeEmpty("a page reads at most 5,000 entries");
    }

    private async Task<List<string>> Write(int from, int count, string outcome = AuditFact.Success)
    {
        var facts = Enumerable.Range(from, count).Select(i =>
        {
            var fact = AuditBed.Fact(i);
            return fact with
            {
                Id = Ids.New("log", fact.At),
                Kind = AuditFact.Event,
                Action = "transfer.opened",
                Object = "req_1",
                Outcome = outcome
            };
        }).ToList();
        var trail = host.Services.GetRequiredService<IAuditTrail>();
        foreach (var chunk in facts.Chunk(1_000)) await Task.WhenAll(chunk.Select(f => trail.Write(f, default)));
        await host.UntilSequenced();
        return facts.ConvertAll(f => f.Id);
    }

    private async Task<ApiResponse> Page(string filter, string cursor, int limit) =>
        (await host.As("cons_456").Get($"/v1/audit?{filter}&limit={limit}&cursor={cursor}")).ShouldBe(HttpStatusCode.OK);

    private static List<string> IdsOf(ApiResponse page) =>
        [.. page.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
}
