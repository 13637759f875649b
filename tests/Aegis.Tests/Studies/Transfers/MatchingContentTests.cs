namespace Aegis.Tests.Studies.Transfers;

/// <summary>If-Match on content (RFC 9110 §13.1.1).</summary>
public sealed class MatchingContentTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("{0}", HttpStatusCode.OK)]
    [InlineData("\"another\", {0}", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"another\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/{0}", HttpStatusCode.PreconditionFailed)]
    [InlineData("{0}x", HttpStatusCode.BadRequest)]
    public async Task Content_is_served_when_a_strong_tag_matches(string tags, HttpStatusCode status)
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();
        var given = tags.Replace("{0}", transfer.ETag, StringComparison.Ordinal);

        var answer = await app.Anonymous.With("If-Match", given).Get(url);
        var head = await app.Anonymous.With("If-Match", given).Send(new HttpRequestMessage(HttpMethod.Head, url));

        answer.Status.Should().Be(status);
        head.Status.Should().Be(status);
        await transfer.Settled();
        (await transfer.Egress()).Should().Be(status is HttpStatusCode.OK ? transfer.Study.SizeBytes : 0);
        if (status is HttpStatusCode.PreconditionFailed) answer.ShouldBeRefused(status, "revision_mismatch");
        if (status is HttpStatusCode.BadRequest) answer.ShouldBeRefused(status, "if_match_invalid");
    }

    [Fact]
    public async Task If_Match_takes_precedence_over_If_None_Match_and_Range()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();
        var client = app.Anonymous.With("If-Match", "\"another\"");

        (await client.With("If-None-Match", transfer.ETag)
            .Get(url)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await client.With("Range", "bytes=0-9").Get(url)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await client.With("Range", $"bytes={transfer.Study.SizeBytes}-")
            .Get(url)).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await transfer.Egress()).Should().Be(0);
    }
}
