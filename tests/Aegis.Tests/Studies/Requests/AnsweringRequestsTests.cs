namespace Aegis.Tests.Studies.Requests;

public sealed class AnsweringRequestsTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_provider_accepts_once()
    {
        var id = await app.AskForJaneDoe();

        (await app.As("provider").Post($"/v1/requests/{id}/accept")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("accepted");
        (await app.As("provider").Post($"/v1/requests/{id}/accept")).ShouldBeRefused(HttpStatusCode.Conflict, "already_accepted");
    }

    [Fact]
    public async Task A_provider_declines_with_a_reason_and_a_note()
    {
        var id = await app.AskForJaneDoe();

        var declined = await app.As("provider")
            .Post($"/v1/requests/{id}/decline", new { reason = "ambiguous_match", note = "Three patients of that name." });

        declined.ShouldBe(HttpStatusCode.OK)["status"].Should().Be("declined");
        var seen = await app.As("consumer").Get($"/v1/requests/{id}");
        seen["decline.reason"].Should().Be("ambiguous_match");
        seen["decline.note"].Should().Be("Three patients of that name.");
        seen["endedAt"].Should().NotBeNull();
    }

    [Theory]
    [InlineData("""{ "reason":"bored" }""", "reason")]
    [InlineData("""{}""", "reason")]
    public async Task A_decline_needs_a_reason_from_the_list(string body, string path)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.As("provider").Post($"/v1/requests/{id}/decline", body);

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        response.Json.GetProperty("errors").EnumerateObject().Single().Name.Should().Be(path);
    }

    [Theory]
    [InlineData("cancel", "request_cancelled")]
    [InlineData("decline", "request_declined")]
    public async Task A_request_that_has_ended_cannot_be_answered(string end, string code)
    {
        var id = await app.AskForJaneDoe();
        await Act(end, id);

        foreach (var action in new[] { "accept", "decline", "cancel" })
            (await Act(action, id)).ShouldBeRefused(HttpStatusCode.Conflict, code);
        (await app.StatusOf(id)).Should().Be(end == "cancel" ? "cancelled" : "declined");
    }

    [Fact]
    public async Task An_accepted_request_can_still_be_cancelled()
    {
        var id = await app.AskForJaneDoe();
        await Act("accept", id);

        (await Act("cancel", id)).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("cancelled");
    }

    [Fact]
    public async Task A_change_of_an_older_revision_is_refused()
    {
        var id = await app.AskForJaneDoe();
        var read = (await app.As("consumer").Get($"/v1/requests/{id}")).Headers.ETag!.Tag;
        await Act("accept", id);

        var stale = await app.As("consumer").With("If-Match", read).Post($"/v1/requests/{id}/cancel");

        stale.ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await app.StatusOf(id)).Should().Be("accepted");
    }

    [Fact]
    public async Task A_repeated_decline_with_the_same_key_gets_the_same_answer()
    {
        var id = await app.AskForJaneDoe();
        var caller = app.As("provider").With("Idempotency-Key", $"decline-{id}");

        var first = await caller.Post($"/v1/requests/{id}/decline", new { reason = "no_consent" });
        var second = await caller.Post($"/v1/requests/{id}/decline", new { reason = "no_consent" });

        second.ShouldBe(HttpStatusCode.OK).Text.Should().Be(first.ShouldBe(HttpStatusCode.OK).Text);
    }

    [Theory]
    [InlineData("consumer", "accept", "study:fulfill")]
    [InlineData("consumer", "fulfill", "study:fulfill")]
    [InlineData("consumer", "decline", "study:decline")]
    [InlineData("provider", "cancel", "study:request")]
    public async Task The_scope_is_checked_before_the_party(string role, string action, string scope)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.As(role).Post($"/v1/requests/{id}/{action}", new { reason = "other" });

        response.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        response["required_permission"].Should().Be(scope);
    }

    private Task<ApiResponse> Act(string action, string id) => action switch
    {
        "decline" => app.As("provider").Post($"/v1/requests/{id}/decline", new { reason = "other" }),
        "accept" => app.As("provider").Post($"/v1/requests/{id}/accept"),
        _ => app.As("consumer").Post($"/v1/requests/{id}/cancel"),
    };
}
