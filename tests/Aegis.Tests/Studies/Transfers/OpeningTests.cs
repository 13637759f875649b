using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

public sealed class OpeningTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task Open_answers_with_exactly_the_promised_members()
    {
        var transfer = await app.Deliver();

        var opened = await app.As("consumer").Post($"{transfer.Path}/open");

        opened.ShouldBe(HttpStatusCode.OK).Json.EnumerateObject().Select(p => p.Name).Should().Equal(
            "transferId", "url", "urlExpiresAt", "expiresInSeconds", "etag", "sizeBytes", "sha256", "instancesBytes", "instancesSha256",
            "contentType", "mode", "window", "meter", "metadata");
        opened["transferId"].Should().Be(transfer.Id);
        opened["url"].Should().MatchRegex($"^http://[^/]+:{app.BaseAddress.Port}/v1/content/[A-Za-z0-9_-]{{43}}$");
        opened["expiresInSeconds"].Should().Be("300");
        opened["etag"].Should().Be(transfer.ETag);
        opened["mode"].Should().Be("platform");
        opened["metadata.instances"].Should().Be("4");
        opened.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task The_database_does_not_contain_the_plain_ticket()
    {
        var transfer = await app.Deliver();

        var ticket = (await transfer.Open()).Split('/')[^1];

        ticket.Length.Should().Be(43);
        (await app.Database.Bytes()).Should().Contain(transfer.Id).And.NotContain(ticket);
    }

    [Fact]
    public async Task The_inbox_lists_transfers_that_can_be_opened_newest_first_in_pages()
    {
        await using var own = await OwnApp.Start();
        var first = await own.App.Deliver();
        var second = await own.App.Deliver();
        var gone = await own.App.Deliver();
        await own.App.As("consumer").Post($"{gone.Path}/destroy");

        var page = (await own.App.As("consumer").Get("/v1/inbox?limit=1")).ShouldBe(HttpStatusCode.OK);
        var next = await own.App.As("consumer").Get($"/v1/inbox?limit=1&cursor={page["nextCursor"]}");

        Ids(page).Should().Equal(second.Id);
        Ids(next).Should().Equal(first.Id);
        next["nextCursor"].Should().BeNull();
    }

    [Fact]
    public async Task The_inbox_omits_used_up_and_ended_transfers()
    {
        await using var own = await OwnApp.Start();
        var used = await own.App.Deliver(maxViews: 1);
        await used.View();
        own.App.Clock.Advance(Transfer.ViewCoverage);
        var fresh = await own.App.Deliver(window: TimeSpan.FromHours(1));

        Ids(await own.App.As("consumer").Get("/v1/inbox")).Should().Equal(fresh.Id);
        own.App.Clock.Advance(TimeSpan.FromHours(1));
        Ids(await own.App.As("consumer").Get("/v1/inbox")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("provider", "open", HttpStatusCode.Forbidden, "missing_scope")]
    [InlineData("outsider", "open", HttpStatusCode.NotFound, "not_found")]
    [InlineData("operator", "open", HttpStatusCode.Forbidden, "missing_scope")]
    [InlineData("admin", "open", HttpStatusCode.NotFound, "not_found")]
    [InlineData("outsider", "dispute", HttpStatusCode.NotFound, "not_found")]
    [InlineData("outsider", "resolve", HttpStatusCode.NotFound, "not_found")]
    [InlineData("outsider", "destroy", HttpStatusCode.NotFound, "not_found")]
    [InlineData("operator", "destroy", HttpStatusCode.Forbidden, "missing_scope")]
    [InlineData("operator", "dispute", HttpStatusCode.Forbidden, "missing_scope")]
    public async Task Only_the_right_party_with_the_scope_may_act(string role, string verb, HttpStatusCode status, string code)
    {
        var transfer = await app.Deliver();

        (await app.As(role).Post($"{transfer.Path}/{verb}")).ShouldBeRefused(status, code);
    }

    [Theory]
    [InlineData("provider", "missing_scope", HttpStatusCode.Forbidden)]
    [InlineData("outsider", "not_found", HttpStatusCode.NotFound)]
    [InlineData("operator", "missing_scope", HttpStatusCode.Forbidden)]
    public async Task Only_the_consumer_acknowledges(string role, string code, HttpStatusCode status)
    {
        var transfer = await app.Deliver();

        var body = new { instances = 4, bytes = 1, sha256 = transfer.Study.Sha256 };

        (await app.As(role).Post($"{transfer.Path}/acknowledge", body)).ShouldBeRefused(status, code);
    }

    [Fact]
    public async Task A_provider_with_the_scope_is_the_wrong_party_for_the_consumers_operations()
    {
        var transfer = await app.Deliver(consumer: "cons_789", provider: "cons_456"); // the sandbox's consumer as provider
        var receipt = new { instances = 4, bytes = 1, sha256 = transfer.Study.Sha256 };

        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
        (await app.As("consumer").Post($"{transfer.Path}/acknowledge", receipt)).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
    }

    [Fact]
    public async Task Without_a_partnership_a_transfer_counts_as_suspended()
    {
        var transfer = await app.Deliver(consumer: "cons_789");

        (await app.As("outsider").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Forbidden, "transfer_suspended");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/certificate")]
    public async Task Another_organization_finds_no_transfer(string below)
    {
        var transfer = await app.Deliver();

        (await app.As("outsider").Get(transfer.Path + below)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await app.As("admin").Get(transfer.Path + below)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Both_parties_read_the_transfer()
    {
        var transfer = await app.Deliver();

        foreach (var role in new[] { "consumer", "provider" })
            (await app.As(role).Get(transfer.Path)).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("ready");
    }

    [Fact]
    public async Task A_fifth_open_ends_the_oldest_ticket()
    {
        var transfer = await app.Deliver();
        var urls = new List<string>();
        for (var i = 0; i < ContentTicket.MaxLive + 1; i++) urls.Add(await transfer.Open());

        (await app.Anonymous.Get(urls[0])).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");
        foreach (var url in urls.Skip(1)) await transfer.Download(url);
    }

    [Fact]
    public async Task Simultaneous_opens_leave_four_live_tickets()
    {
        var transfer = await app.Deliver();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => transfer.Open()));

        var live = await app.InStudies(db => db.Tickets.CountAsync(t => t.TransferId == transfer.Id && t.EndedAt == null));
        live.Should().Be(ContentTicket.MaxLive);
    }

    [Fact]
    public async Task Opening_at_the_end_of_the_window_answers_with_the_url_of_the_certificate()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(window: TimeSpan.FromHours(1));
        own.App.Clock.Advance(TimeSpan.FromHours(1));

        var refused = (await own.App.As("consumer")
            .Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");

        refused["destroyedAt"].Should().NotBeNull();
        (await own.App.As("provider").Get(refused["certificate"]!)).ShouldBe(HttpStatusCode.OK)["reason"].Should().Be("window_end");
    }

    [Fact]
    public async Task An_open_after_the_hour_of_the_last_view_is_refused()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(maxViews: 1);
        await transfer.View();

        await transfer.Open();
        own.App.Clock.Advance(Transfer.ViewCoverage);

        (await own.App.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
    }

    [Fact]
    public async Task A_suspended_partnership_forbids_opening_until_it_is_resumed()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver();
        var url = await transfer.Open();
        var partnership = (await own.App.As("admin").Get("/v1/partnerships")).Json.GetProperty("items")[0].GetProperty("id").GetString();

        (await own.App.As("admin").Post($"/v1/partnerships/{partnership}/suspend")).ShouldBe(HttpStatusCode.OK);
        (await own.App.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Forbidden, "transfer_suspended");
        await Delivered.Eventually(async () => (await transfer.Read())["status"] == "suspended", "the event is handled");
        (await own.App.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Forbidden, "transfer_suspended");

        (await own.App.As("admin").Post($"/v1/partnerships/{partnership}/resume")).ShouldBe(HttpStatusCode.OK);
        await Delivered.Eventually(async () => (await transfer.Read())["status"] == "open", "the event is handled");
        await transfer.Download(await transfer.Open());
    }

    private static IEnumerable<string?> Ids(ApiResponse page) =>
        page.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString());
}
