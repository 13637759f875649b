using System.Diagnostics;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>
/// The state of the partnership decides, not its event: the event is handled a moment later, and there is none when an agreement lapses.
/// The tests change the row directly, so that there is no event.
/// </summary>
public sealed class EndedPartnershipTests
{
    [Fact]
    public async Task An_earlier_url_serves_nothing_once_the_partnership_is_suspended()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver();
        var url = await transfer.Open();
        await Part(own.App);

        (await transfer.Range(url, "bytes=0-9")).ShouldBeRefused(HttpStatusCode.Forbidden, "transfer_suspended");
        (await own.App.Anonymous.Send(new HttpRequestMessage(HttpMethod.Head, url))).ShouldBe(HttpStatusCode.Forbidden);
        (await transfer.Egress()).Should().Be(0);

        await Join(own.App);
        (await transfer.Range(url, "bytes=0-9")).ShouldBe(HttpStatusCode.PartialContent);
    }

    [Fact]
    public async Task A_running_download_is_cut_once_the_partnership_is_suspended()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(instances: 4, size: 16_000_000); // more than the buffers of a connection
        using var response = await transfer.Stream(await transfer.Open());
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        await Part(own.App);
        var start = Stopwatch.GetTimestamp();

        await Delivered.Eventually(async () => await transfer.Leases() == 0, "the stream is cut");
        Stopwatch.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(5));
        var rest = async () => await body.CopyToAsync(Stream.Null);
        await rest.Should().ThrowAsync<IOException>();
    }

    [Fact]
    public async Task An_upload_that_ends_after_the_partnership_is_refused_and_leaves_nothing()
    {
        await using var own = await OwnApp.Start();
        var id = await own.App.AskForJaneDoe();
        using var upload = await HalfUpload.Send(own.App, id, Parcel.Jane.Files()[0]);
        await Delivered.Eventually(async () => await own.App.StatusOf(id) == "fulfilling", "the upload has begun");
        await Part(own.App);
        await upload.SendRest();

        (await upload.Answer()).Should().StartWith("HTTP/1.1 403").And.Contain("no_partnership");
        (await own.App.StatusOf(id)).Should().Be("pending");
        own.App.ContentFiles().Should().BeEmpty();

        await Join(own.App);
        (await own.App.Fulfil(id, Parcel.Bytes(Parcel.Jane.Files()[0], "application/dicom"))).ShouldBe(HttpStatusCode.Created);
    }

    private static Task Part(AegisApp app) => Set(app, "Suspended");

    private static Task Join(AegisApp app) => Set(app, "Active");

    private static Task Set(AegisApp app, string status) =>
        app.Database.Run(
            $"UPDATE {TestDatabase.Table("auth", "partnerships")} SET Status = '{status}' WHERE ConsumerId = 'cons_456' AND ProviderId = "
                + "'prov_123'");
}
