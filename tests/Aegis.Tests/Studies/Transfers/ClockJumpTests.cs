namespace Aegis.Tests.Studies.Transfers;

/// <summary>
/// The clock is wrong for a while and is then corrected: what has ended stays ended, and nothing waits for the wrong time.
/// </summary>
public sealed class ClockJumpTests : IAsyncLifetime
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_transfer_that_has_ended_stays_ended_when_the_clock_goes_back()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();
        app.Clock.Advance(TimeSpan.FromHours(73));
        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");

        app.Clock.Advance(TimeSpan.FromHours(-73));

        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");
        (await app.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");
        await transfer.UntilDestroyed();
    }

    [Fact]
    public async Task A_destruction_under_a_clock_far_ahead_is_finished_once_it_is_corrected()
    {
        app.Clock.Advance(Month); // a year would end the keys
        var transfer = await app.Deliver();
        var due = app.Clock.GetUtcNow() + TimeSpan.FromSeconds(50); // as a host leaves it that died during its claim
        (await app.As("provider").Post($"{transfer.Path}/destroy")).ShouldBe(HttpStatusCode.Accepted);
        await app.InStudies(db => db.Transfers.Where(t => t.Id == transfer.Id && t.DestructionDueAt != null)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.DestructionDueAt, due)));

        app.Clock.Advance(-Month);

        await transfer.UntilDestroyed();
    }

    [Fact]
    public async Task An_upload_that_died_under_a_clock_far_ahead_frees_its_request()
    {
        var id = await app.AskForJaneDoe();
        await app.InStudies(db => db.Requests.Where(r => r.Id == id).ExecuteUpdateAsync(s => s
            .SetProperty(r => r.Status, Aegis.Studies.Requests.RequestStatus.Fulfilling).SetProperty(r => r.LeaseOwner, "gone")
            .SetProperty(r => r.LeaseUntil, app.Clock.GetUtcNow() + Year)));

        (await app.StatusOf(id)).Should().Be("pending");
        (await app.As("provider").Get("/v1/requests?status=pending")).Text.Should().Contain(id);
        (await app.As("provider").Get("/v1/requests?status=fulfilling")).Text.Should().NotContain(id);
        (await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Events_of_a_clock_far_ahead_are_handled_once_it_is_corrected()
    {
        var transfer = await app.Deliver();
        await app.Use<KernelDb>(db => db.Outbox.ExecuteUpdateAsync(s => s
            .SetProperty(r => r.State, OutboxState.Waiting).SetProperty(r => r.DueAt, app.Clock.GetUtcNow() + Year)));

        await Delivered.Eventually(async () =>
            await app.Use<KernelDb, int>(db => db.Outbox.CountAsync(r => r.State == OutboxState.Waiting)) == 0, "all are handled");
        (await transfer.Read())["status"].Should().Be("ready");
    }

    [Fact]
    public async Task Tokens_and_urls_expire_by_the_clock_and_calls_work_once_it_is_corrected()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();
        app.Clock.Advance(TimeSpan.FromSeconds(301));
        (await app.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");

        app.Clock.Advance(TimeSpan.FromHours(-2));

        (await app.As("consumer").Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created);
        (await transfer.Download(await transfer.Open())).Length.Should().Be((int)transfer.Study.SizeBytes);
    }
}
