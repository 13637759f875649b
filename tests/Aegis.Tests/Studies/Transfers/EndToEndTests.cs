namespace Aegis.Tests.Studies.Transfers;

public sealed class EndToEndTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_fulfilled_study_is_opened_downloaded_acknowledged_and_destroyed()
    {
        var request = await app.AskForJaneDoe();
        var fulfilled = (await app.Fulfil(request, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
        var (path, sha256) = ($"/v1/transfers/{fulfilled["transferId"]}", fulfilled["sha256"]!);

        var opened = (await app.As("consumer").Post($"{path}/open")).ShouldBe(HttpStatusCode.OK);
        var content = (await app.Anonymous.Get(opened["url"]!)).ShouldBe(HttpStatusCode.OK);
        var receipt = new { instances = 4, bytes = content.Body.Length, sha256 };
        var acknowledged = await app.As("consumer").Post($"{path}/acknowledge", receipt);

        opened.Json.GetProperty("metadata").EnumerateObject().Should().NotBeEmpty();
        Convert.ToHexStringLower(SHA256.HashData(content.Body)).Should().Be(sha256).And.Be(opened["sha256"]);
        acknowledged.ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("False");
        (await app.As("consumer").Post($"{path}/destroy")).ShouldBe(HttpStatusCode.Accepted);
        await Delivered.Eventually(async () => (await app.As("consumer").Get(path))["status"] == "destroyed", "it is destroyed");
        app.ContentFiles().Should().NotContain(f => f.Contains(fulfilled["transferId"]!, StringComparison.Ordinal));
    }
}
