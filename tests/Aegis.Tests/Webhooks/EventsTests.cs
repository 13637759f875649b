using Aegis.Contracts.Studies;
using Aegis.Contracts.Vault;
using Aegis.Webhooks.Deliveries;
using Aegis.Webhooks.Persistence;

namespace Aegis.Tests.Webhooks;

public sealed class EventsTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    [Fact]
    public async Task Each_event_is_listed_once_over_all_pages()
    {
        var (organization, client) = await app.NewOrganization();
        var raised = new List<string>();
        for (var i = 0; i < 7; i++) raised.Add(await app.Raise(organization));
        await WebhooksApp.Eventually(async () => (await Read(client, null, 50)).Ids.Count == 7);

        var (seen, cursor) = (new List<string>(), (string?)null);
        for (var i = 0; i < 4; i++)
        {
            var page = await Read(client, cursor, 2);
            seen.AddRange(page.Ids);
            cursor = page.Cursor;
        }

        seen.Should().BeEquivalentTo(raised).And.OnlyHaveUniqueItems();
        (await Read(client, cursor, 2)).Ids.Should().BeEmpty();
    }

    [Fact]
    public async Task A_long_poll_answers_as_soon_as_this_host_publishes_an_event()
    {
        var (organization, client) = await app.NewOrganization();
        var cursor = (await Read(client, null, 50)).Cursor;
        var waiting = client.Get($"/v1/events?cursor={cursor}&wait=30");
        await Task.Delay(300);
        waiting.IsCompleted.Should().BeFalse();
        var begun = TimeProvider.System.GetTimestamp();

        var id = await app.Raise(organization);
        var answer = (await waiting).ShouldBe(HttpStatusCode.OK);

        TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(5));
        answer.Json.GetProperty("items")[0].GetProperty("data").GetProperty("id").GetString().Should().Be(id);
    }

    [Fact]
    public async Task A_long_poll_without_events_ends_after_its_wait_time()
    {
        var (_, client) = await app.NewOrganization();

        var answer = (await client.Get("/v1/events?wait=1")).ShouldBe(HttpStatusCode.OK);

        answer.Json.GetProperty("items").GetArrayLength().Should().Be(0);
        answer["nextCursor"].Should().NotBeNull();
    }

    /// <summary>
    /// Ids are created before the commit, and there are two hosts. Only a sequence number assigned with the commit keeps readers from
    /// missing events.
    /// </summary>
    [Fact]
    public async Task A_client_that_polls_while_two_hosts_publish_misses_nothing()
    {
        var (organization, client) = await app.NewOrganization();
        var second = await app.App.StartAnotherHost();
        using var done = new CancellationTokenSource();
        var reading = ReadAlong(client, done.Token);

        var raised = new List<string>();
        for (var i = 0; i < 25; i++) raised.AddRange(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Raise(organization))));
        await WebhooksApp.Eventually(async () =>
            await app.App.Use<WebhooksDb, int>(db => db.Events.CountAsync(e => e.OrganizationId == organization)) == raised.Count, 60);
        await Task.Delay(1500); // one more poll
        await done.CancelAsync();

        (await reading).Should().BeEquivalentTo(raised).And.OnlyHaveUniqueItems();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Events_whose_scope_the_caller_lacks_are_left_out()
    {
        var (organization, client) = await app.NewOrganization();
        await app.Raise(organization, happened: new CredentialRetired("cred_1", "hidden-name", [organization]));
        var shown = await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await Read(client, null, 50)).Ids.Count == 2);

        var narrow = await Read(await app.Of(organization, "webhook:read", "study:read"), null, 50);

        narrow.Ids.Should().Equal(shown);
    }

    [Fact]
    public async Task All_delayed_events_of_an_object_come_before_its_next_event()
    {
        const int delayed = 250;
        var (organization, client) = await app.NewOrganization();
        for (var i = 0; i < delayed; i++)
            await app.Raise(organization, "trf_busy", new TransferViewed("trf_busy", "req_1", organization, "prov_123", i, [organization]),
                TimeSpan.FromMinutes(30));

        await app.Raise(organization, "trf_busy");
        await WebhooksApp.Eventually(async () => (await Read(client, null, 1)).Ids.Count == 1);

        var (views, cursor) = (new List<int?>(), (string?)null);
        for (var page = 0; page < 2; page++)
        {
            var answer =
                (await client.Get($"/v1/events?limit=200{(cursor is null ? "" : $"&cursor={cursor}")}")).ShouldBe(HttpStatusCode.OK);
            views.AddRange(answer.Json.GetProperty("items").EnumerateArray()
                .Select(e => e.GetProperty("data").TryGetProperty("views", out var v) ? v.GetInt32() : (int?)null));
            cursor = answer["nextCursor"];
        }

        views.Should().Equal([.. Enumerable.Range(0, delayed).Select(i => (int?)i), null]);
    }

    [Fact]
    public async Task A_key_limited_to_partners_does_not_see_events_with_others()
    {
        var (organization, client) = await app.NewOrganization();
        await app.Raise(organization, happened: new TransferViewed("trf_other", "req_1", organization, "prov_999", 1, [organization]));
        await app.Raise(organization, happened: new TransferViewed("trf_own", "req_2", organization, "prov_123", 1, [organization]));
        await app.Raise(organization, happened: new CredentialRetired("cred_1", "some-name", [organization]));
        await WebhooksApp.Eventually(async () => (await Read(client, null, 50)).Ids.Count == 3);
        var (_, narrowed) = await app.Keyed(organization, ["webhook:read", "study:read", "credential:read"], ["prov_123"]);

        (await Read(narrowed, null, 50)).Ids.Should().Equal("trf_own", "cred_1");

        var (seen, cursor) = (new List<string>(), (string?)null);
        for (var i = 0; i < 3; i++)
        {
            var page = await Read(narrowed, cursor, 1);
            seen.AddRange(page.Ids);
            cursor = page.Cursor;
        }

        seen.Should().Equal("trf_own", "cred_1");
    }

    [Fact]
    public async Task A_long_poll_ends_when_its_key_is_revoked()
    {
        var (organization, client) = await app.NewOrganization();
        var (key, polling) = await app.Keyed(organization, ["webhook:read", "study:read"]);
        var cursor = (await Read(client, null, 50)).Cursor;
        var waiting = polling.Get($"/v1/events?cursor={cursor}&wait=30");
        await Task.Delay(300);
        waiting.IsCompleted.Should().BeFalse();

        await app.Revoke(key);
        await app.Raise(organization);

        (await waiting).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Theory]
    [InlineData("wait=61")]
    [InlineData("wait=-1")]
    [InlineData("limit=201")]
    [InlineData("cursor=%21")]
    [InlineData("cursor=MTAwMDAwMA")]
    public async Task Invalid_query_parameters_are_refused(string query)
    {
        var (_, client) = await app.NewOrganization();

        (await client.Get($"/v1/events?{query}")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task A_cursor_before_purged_events_is_refused()
    {
        var own = await WebhooksApp.Start();
        var client = await own.Of("cons_456");
        await own.Raise("cons_456");
        await WebhooksApp.Eventually(async () => (await Read(client, null, 50)).Ids.Count > 0);
        var old = (await Read(client, null, 1)).Cursor;
        await own.Raise("cons_456");
        await WebhooksApp.Eventually(async () => (await Read(client, old, 50)).Ids.Count > 0);

        own.Clock.Advance(TimeSpan.FromDays(31));
        client = await own.Of("cons_456");
        await own.App.Run<PurgeJob>();

        (await client.Get($"/v1/events?cursor={old}")).ShouldBeRefused(HttpStatusCode.Gone, "events_expired");
        (await Read(client, null, 50)).Ids.Should().BeEmpty();
        await own.DisposeAsync();
    }

    private static async Task<List<string>> ReadAlong(ApiClient client, CancellationToken ct)
    {
        var (seen, cursor) = (new List<string>(), (string?)null);
        while (!ct.IsCancellationRequested)
        {
            var page = await Read(client, cursor, 50);
            seen.AddRange(page.Ids);
            cursor = page.Cursor;
        }

        return seen;
    }

    private static async Task<(List<string> Ids, string Cursor)> Read(ApiClient client, string? cursor, int limit)
    {
        var answer =
            (await client.Get($"/v1/events?limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}")).ShouldBe(HttpStatusCode.OK);
        return (answer.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("data").GetProperty("id").GetString()!)
            .ToList(), answer["nextCursor"]!);
    }
}
