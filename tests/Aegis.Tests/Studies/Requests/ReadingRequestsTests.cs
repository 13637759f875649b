namespace Aegis.Tests.Studies.Requests;

public sealed class ReadingRequestsTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("consumer")]
    [InlineData("provider")]
    public async Task Both_parties_see_the_patient(string role)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.As(role).Get($"/v1/requests/{id}");

        response.ShouldBe(HttpStatusCode.OK)["patient.firstName"].Should().Be("Jane");
        response.Headers.ETag!.Tag.Should().Be("\"1\"");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/cancel")]
    public async Task Another_organization_does_not_find_the_request(string method, string action)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.As("outsider").Send(new HttpRequestMessage(new HttpMethod(method), $"/v1/requests/{id}{action}"));

        response.ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_platform_admin_does_not_see_the_request()
    {
        var id = await app.AskForJaneDoe();

        (await app.As("admin").Get($"/v1/requests/{id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await app.As("admin").Post($"/v1/requests/{id}/accept")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await app.As("admin").Post($"/v1/requests/{id}/decline", new { reason = "other" })).ShouldBeRefused(
            HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task The_worklist_lists_pending_requests_only()
    {
        var (pending, declined) = (await app.AskForJaneDoe(), await app.AskForJaneDoe());
        await app.As("provider").Post($"/v1/requests/{declined}/decline", new { reason = "no_match" });

        var worklist = Ids(await app.As("provider").Get("/v1/requests?status=pending&limit=200"));

        worklist.Should().Contain(pending).And.NotContain(declined);
        Ids(await app.As("provider").Get("/v1/requests?status=declined&limit=200")).Should().Contain(declined);
    }

    [Fact]
    public async Task Pages_are_newest_first_and_complete()
    {
        for (var i = 0; i < 5; i++) await app.AskForJaneDoe();
        var all = Ids(await app.As("consumer").Get("/v1/requests?limit=200"));

        List<string> paged = [];
        var cursor = "";
        do
        {
            var page = (await app.As("consumer").Get($"/v1/requests?limit=2{cursor}")).ShouldBe(HttpStatusCode.OK);
            paged.AddRange(Ids(page));
            cursor = page["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        paged.Should().Equal(all).And.BeInDescendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("status=open", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    public async Task An_invalid_query_parameter_is_refused_by_its_name(string query, string name)
    {
        var response = await app.As("consumer").Get($"/v1/requests?{query}");

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        response.Json.GetProperty("errors").EnumerateObject().Single().Name.Should().Be(name);
    }

    [Fact]
    public async Task Each_organization_lists_only_its_requests()
    {
        await app.AskForJaneDoe();

        Ids(await app.As("outsider").Get("/v1/requests")).Should().BeEmpty();
    }

    private static List<string> Ids(ApiResponse page) =>
        [.. page.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
}
