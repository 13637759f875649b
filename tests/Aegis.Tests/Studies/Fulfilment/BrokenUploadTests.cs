using Aegis.Studies.Fulfilment;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Uploads that are interrupted.</summary>
public sealed class BrokenUploadTests : IAsyncLifetime
{
    private static readonly byte[] File = (Parcel.Jane with { Rows = 1024, Columns = 1024 }).Files()[0];

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task An_upload_reserves_the_request_and_a_disconnect_frees_it()
    {
        var id = await app.AskForJaneDoe();
        using var half = await SendHalf(id);
        await Until(async () => await app.StatusOf(id) == "fulfilling");

        (await app.Fulfil(id, Parcel.Bytes(File, "application/dicom"))).ShouldBeRefused(HttpStatusCode.Conflict, "fulfilment_in_progress");
        (await app.As("consumer").Post($"/v1/requests/{id}/cancel")).ShouldBeRefused(HttpStatusCode.Conflict, "fulfilment_in_progress");
        app.ContentFiles().Should().ContainSingle();
        half.Close();

        await Until(async () => await app.StatusOf(id) == "pending", atMost: FulfilmentLease.Row.Length - TimeSpan.FromSeconds(2));
        app.ContentFiles().Should().BeEmpty();
        (await app.Fulfil(id, Parcel.Bytes(File, "application/dicom"))).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_slow_upload_keeps_the_request_longer_than_one_lease()
    {
        var id = await app.AskForJaneDoe();
        using var half = await SendHalf(id);
        await Until(async () => await app.StatusOf(id) == "fulfilling");

        app.Clock.Advance(TimeSpan.FromSeconds(9));
        await Task.Delay(TimeSpan.FromSeconds(7)); // the lease is renewed every 5 s by a real timer
        app.Clock.Advance(TimeSpan.FromSeconds(9));

        (await app.StatusOf(id)).Should().Be("fulfilling");
    }

    [Fact]
    public async Task An_expired_lease_can_be_taken_by_another_upload_and_no_longer_be_used()
    {
        var id = await app.AskForJaneDoe();
        using var half = await SendHalf(id);
        await Until(async () => await app.StatusOf(id) == "fulfilling");
        app.Clock.Advance(FulfilmentLease.Row.Length);

        var second = await app.Fulfil(id, Parcel.Bytes(File, "application/dicom"));
        await half.SendRest();
        var first = await half.Answer();

        second.ShouldBe(HttpStatusCode.Created);
        first.Should().StartWith("HTTP/1.1 409");
        app.ContentFiles().Should().ContainSingle().Which.Should().Contain(second["transferId"]);
    }

    private Task<HalfUpload> SendHalf(string id) => HalfUpload.Send(app, id, File);

    private static async Task Until(Func<Task<bool>> holds, TimeSpan? atMost = null)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(deadline)
                .Should().BeLessThan(atMost ?? TimeSpan.FromSeconds(30), "it must happen within the limit");
            await Task.Delay(50);
        }
    }
}
