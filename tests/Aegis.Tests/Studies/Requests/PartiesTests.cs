namespace Aegis.Tests.Studies.Requests;

/// <summary>Keys with every scope still act for their organization only.</summary>
public sealed class PartiesTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly string[] Everything =
        ["study:request", "study:read", "study:fulfill", "study:decline", "org:read", "org:write"];

    private readonly AegisApp app = auth.App;

    [Theory]
    [InlineData("accept")]
    [InlineData("decline")]
    [InlineData("fulfill")]
    public async Task A_consumer_cannot_answer_its_own_request(string action)
    {
        var consumer = auth.With(await auth.Key("cons_456", Everything));
        var id = await app.AskForJaneDoe();

        var response = action == "fulfill"
            ? await consumer.PostContent($"/v1/requests/{id}/fulfill", Parcel.Zip(Parcel.Jane.Files()))
            : await consumer.Post($"/v1/requests/{id}/{action}", action == "decline" ? new { reason = "other" } : null);

        response.ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
    }

    [Fact]
    public async Task A_provider_cannot_cancel()
    {
        var provider = auth.With(await auth.Key("prov_123", Everything));
        var id = await app.AskForJaneDoe();

        (await provider.Post($"/v1/requests/{id}/cancel")).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
    }

    [Fact]
    public async Task Another_organization_with_every_scope_finds_no_request_to_fulfil()
    {
        var stranger = auth.With(await auth.Key("cons_789", Everything));
        var id = await app.AskForJaneDoe();

        foreach (var action in new[] { "accept", "decline", "cancel", "fulfill" })
            (await stranger.Post($"/v1/requests/{id}/{action}", action == "decline" ? new { reason = "other" } : null)).ShouldBeRefused(
                HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_key_narrowed_to_other_partners_sees_and_makes_no_request()
    {
        var narrowed = auth.With(await auth.Key("cons_456", Everything, partners: ["prov_other"]));
        var id = await app.AskForJaneDoe();

        (await narrowed.Get($"/v1/requests/{id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await narrowed.Get("/v1/requests")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await narrowed.Post("/v1/requests", Asking.JaneDoe)).ShouldBeRefused(HttpStatusCode.Forbidden, "no_partnership");
    }

    [Fact]
    public async Task Nothing_is_requested_or_sent_while_the_partnership_is_suspended()
    {
        var id = await app.AskForJaneDoe();
        var consumer = auth.With(await auth.Key("cons_456", Everything));
        var partnership = (await consumer.Get("/v1/partnerships")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        (await consumer.Post($"/v1/partnerships/{partnership}/suspend")).ShouldBe(HttpStatusCode.OK);
        try
        {
            (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBeRefused(HttpStatusCode.Forbidden, "no_partnership");
            (await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()))).ShouldBeRefused(HttpStatusCode.Forbidden, "no_partnership");
        }
        finally
        {
            (await consumer.Post($"/v1/partnerships/{partnership}/resume")).ShouldBe(HttpStatusCode.OK);
        }
    }
}
