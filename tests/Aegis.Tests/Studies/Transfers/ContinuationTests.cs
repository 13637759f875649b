using Aegis.Studies.Metering;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>One long download is one view, also when it is interrupted after the hour that a view covers.</summary>
public sealed class ContinuationTests : IAsyncLifetime
{
    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_download_interrupted_after_the_hour_is_continued_under_the_same_view()
    {
        var transfer = await Large();
        var got = await BreakOff(transfer, after: TimeSpan.FromMinutes(70));

        app.Clock.Advance(TimeSpan.FromMinutes(50));
        (await app.As("consumer").Get("/v1/inbox")).Text.Should().Contain(transfer.Id);
        var url = await transfer.Open();
        (await transfer.Range(url, "bytes=0-99")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
        (await app.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
        using var rest = await transfer.Stream(url, got.Length);
        rest.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        await rest.Content.CopyToAsync(got);

        Convert.ToHexStringLower(SHA256.HashData(got.ToArray())).Should().Be(transfer.Study.Sha256);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
        (await app.CountEvents("transfer.delivered", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task A_download_cannot_be_continued_an_hour_after_its_interruption()
    {
        var transfer = await Large();
        await BreakOff(transfer, after: TimeSpan.FromMinutes(70));

        app.Clock.Advance(TimeSpan.FromMinutes(60));

        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
        (await app.As("consumer").Get("/v1/inbox")).Text.Should().NotContain(transfer.Id);
    }

    [Fact]
    public async Task No_download_is_continued_twelve_hours_after_the_view()
    {
        var transfer = await Large();
        await BreakOff(transfer, after: TimeSpan.FromHours(12) - TimeSpan.FromMinutes(1));
        await transfer.Open();

        app.Clock.Advance(TimeSpan.FromMinutes(2));

        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
    }

    [Fact]
    public async Task A_download_that_a_killed_host_left_is_continued()
    {
        var transfer = await app.Deliver(maxViews: 1);
        await transfer.View();
        await app.InStudies(async db =>
        {
            db.Leases.Add(new StreamLease(transfer.Id, 0, transfer.Study.PayloadBytes, transfer.Study.SizeBytes, app.Clock.GetUtcNow()));
            return await db.SaveChangesAsync();
        });

        app.Clock.Advance(Transfer.ViewCoverage);
        var url = await transfer.Open();
        (await transfer.Range(url, "bytes=1000-")).ShouldBe(HttpStatusCode.PartialContent);
        (await transfer.Range(url, "bytes=0-")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
        app.Clock.Advance(Transfer.ViewCoverage);

        // A stream is settled a moment after its last byte.
        await Delivered.Eventually(async () =>
            (await app.As("consumer").Post($"{transfer.Path}/open")).Text.Contains("views_exhausted", StringComparison.Ordinal),
            "no view is left");
    }

    [Fact]
    public async Task A_download_resumed_within_the_hour_costs_no_second_view()
    {
        var transfer = await Large();
        var got = await BreakOff(transfer, after: TimeSpan.FromMinutes(20));

        using var rest = await transfer.Stream(await transfer.Open(), got.Length);
        await rest.Content.CopyToAsync(got);

        Convert.ToHexStringLower(SHA256.HashData(got.ToArray())).Should().Be(transfer.Study.Sha256);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
    }

    /// <summary>More than sockets buffer, so that the stream still runs after a part was read.</summary>
    private Task<DeliveredTransfer> Large() => app.Deliver(instances: 8, size: 8_000_000, maxViews: 1);

    /// <summary>Begins a download, advances the clock while it runs, and breaks the connection. Returns the received bytes.</summary>
    private async Task<MemoryStream> BreakOff(DeliveredTransfer transfer, TimeSpan after)
    {
        var got = new MemoryStream();
        using (var running = await transfer.Stream(await transfer.Open()))
        {
            var buffer = new byte[6_000_000];
            await (await running.Content.ReadAsStreamAsync()).ReadExactlyAsync(buffer);
            got.Write(buffer);
            await Delivered.Eventually(async () => await transfer.Views() == "1", "the view is counted while it runs");
            app.Clock.Advance(after);
        }

        await transfer.Settled();
        return got;
    }
}
