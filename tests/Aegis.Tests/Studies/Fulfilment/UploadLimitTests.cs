namespace Aegis.Tests.Studies.Fulfilment;

public sealed class UploadLimitTests : IAsyncLifetime
{
    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start(("Studies:MaxUploadBytes", "20000"));

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task An_upload_with_too_large_a_content_length_is_refused_with_the_limit()
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(id, Parcel.Bytes(new byte[20001], "application/dicom"));

        response.ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "upload_too_large")["limit"].Should().Be("20000");
    }

    [Fact]
    public async Task An_upload_that_stops_is_refused()
    {
        var id = await app.AskForJaneDoe();
        using var half = await HalfUpload.Send(app, id, Parcel.Jane.Files()[0]);

        var answer = await half.Answer(); // after the grace period of half a minute

        answer.Should().StartWith("HTTP/1.1 408").And.Contain("\"body_too_slow\"");
        (await app.StatusOf(id)).Should().Be("pending");
        app.ContentFiles().Should().BeEmpty();
    }

    [Fact]
    public async Task An_upload_without_a_content_length_is_refused_at_the_limit()
    {
        var id = await app.AskForJaneDoe();
        var file = (Parcel.Jane with { Rows = 128, Columns = 128 }).Files()[0];
        var chunked =
            new HttpRequestMessage(HttpMethod.Post, $"/v1/requests/{id}/fulfill") { Content = Parcel.Bytes(file, "application/dicom") };
        chunked.Headers.TransferEncodingChunked = true;

        var response = await app.As("provider").Send(chunked);

        response.ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "upload_too_large");
        (await app.StatusOf(id)).Should().Be("pending");
        app.ContentFiles().Should().BeEmpty();
    }
}
