namespace Aegis.Tests.Mechanisms;

public sealed class CursorTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("/v1/requests?cursor=abc")]
    [InlineData("/v1/inbox?cursor=abc")]
    [InlineData("/v1/audit?cursor=abc")]
    [InlineData("/v1/requests?cursor=!")]
    public async Task A_cursor_from_another_list_is_refused(string path)
    {
        var response = await app.As("consumer").Get(path);

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        response.Json.GetProperty("errors").EnumerateObject().Single().Name.Should().Be("cursor");
    }
}
