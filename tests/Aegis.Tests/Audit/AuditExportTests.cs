using Aegis.Contracts.Identity;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Audit;

/// <summary>
/// The export of the trail: complete or visibly interrupted, without details of other parties, and itself recorded in the trail.
/// </summary>
public sealed class AuditExportTests : IAsyncLifetime
{
    private const string Export = "/v1/audit/export";

    private AuditHost host = null!;

    public async Task InitializeAsync() => host = await AuditHost.Start();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("", 1_234)]
    [InlineData("?outcome=success", 1_234)]
    [InlineData("?outcome=failed", 0)]
    [InlineData("?object=req_7", 1)]
    [InlineData("?from=2026-05-04T08:00:00Z&to=2026-05-04T08:01:40Z", 99)]
    public async Task An_export_has_every_entry_once_oldest_first_in_the_form_of_the_list(string filter, int count)
    {
        await Write(1, 1_234);
        await Write(1, 5, "cons_789");

        var answer = (await host.As("cons_456").Get(Export + filter)).ShouldBe(HttpStatusCode.OK);

        answer.ContentHeaders.ContentType!.MediaType.Should().Be("application/x-ndjson");
        var lines = Lines(answer);
        lines.Should().HaveCount(count);
        lines.Select(IdOf).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        if (count != 1) return;
        var listed = (await host.As("cons_456").Get("/v1/audit?object=req_7")).Json.GetProperty("items")[0];
        JsonElement.DeepEquals(lines[0], listed).Should().BeTrue();
    }

    [Fact]
    public async Task An_export_continues_after_a_given_entry()
    {
        var written = await Write(1, 20);

        var rest = Lines(await host.As("cons_456").Get($"{Export}?after={written[11]}&kind=call&action=GET%20/v1/requests/{{id}}"));

        rest.Select(IdOf).Should().Equal(written.Skip(12));
    }

    [Theory]
    [InlineData("log_unknown")]
    [InlineData("x")]
    public async Task An_export_after_an_unknown_entry_is_refused(string after)
    {
        var refused = await host.As("cons_456").Get($"{Export}?after={after}");

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal("after");
    }

    [Fact]
    public async Task An_export_after_an_entry_of_another_organization_is_refused()
    {
        var theirs = await Write(1, 1, "cons_789");

        (await host.As("cons_456").Get($"{Export}?after={theirs[0]}")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task An_export_shows_no_more_of_the_other_party_than_the_list()
    {
        await Write(1, 3, "prov_123", "cons_456");

        var text = (await host.As("cons_456").Get(Export)).ShouldBe(HttpStatusCode.OK).Text;

        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3);
        text.Should().NotContainAny("key_one", "Reading room", "192.0.2.7", "r-1");
    }

    [Fact]
    public async Task An_export_is_recorded_in_the_trail_at_its_start_and_end()
    {
        await Write(1, 42);
        await host.As("cons_456").Get($"{Export}?object=req_7&outcome=success");

        var entries = await Entries();

        entries.Should().HaveCount(2);
        entries.Select(e => e.GetProperty("details").GetProperty("phase").GetString()).Should().Equal("end", "begin");
        entries[0].GetProperty("details").GetProperty("entries").GetInt32().Should().Be(1);
        entries[0].GetProperty("details").GetProperty("how").GetString().Should().Be("complete");
        entries[1].GetProperty("details").GetProperty("filters").EnumerateArray().Select(f => f.GetString())
            .Should().Equal("object", "outcome");
        entries[1].GetRawText().Should().NotContain("req_7", "values of filters are free text");
    }

    [Fact]
    public async Task Nothing_is_exported_while_the_trail_cannot_be_written()
    {
        await Write(1, 3);
        await host.HidePending();

        (await host.As("cons_456").Get(Export)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        await host.ShowPending();

        Lines((await host.As("cons_456").Get(Export)).ShouldBe(HttpStatusCode.OK)).Should().HaveCount(3);
    }

    [Fact]
    public async Task An_invalid_filter_or_a_missing_scope_is_refused_as_usual()
    {
        (await host.As("cons_456").Get($"{Export}?kind=any")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await host.As(AuditHost.NoScope).Get(Export)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await host.Anonymous.Get(Export)).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");

        (await Entries()).Should().ContainSingle().Which.GetProperty("code").GetString().Should().Be("validation_failed");
    }

    [Fact]
    public async Task An_export_to_a_waiting_client_is_interrupted_when_its_key_is_revoked()
    {
        await Write(1, 30_000); // more than fits into all buffers
        using var response = await host.As("cons_456").SendStreaming(new HttpRequestMessage(HttpMethod.Get, Export));
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[10]);

        ((AuditBed.TestKeys)host.Services.GetRequiredService<IKeyDirectory>()).AreRevoked = true;
        var start = TimeProvider.System.GetTimestamp();
        List<JsonElement> entries;
        do entries = await Entries();
        while (entries.Count < 2 && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20));

        entries[0].GetProperty("details").GetProperty("how").GetString().Should().Be("key_revoked");
        entries[0].GetProperty("outcome").GetString().Should().Be("failed");
        var rest = () => body.CopyToAsync(Stream.Null);
        await rest.Should().ThrowAsync<IOException>("an interrupted export must not look complete");
    }

    [Fact]
    public async Task An_export_ends_when_the_client_disconnects()
    {
        await Write(1, 30_000);
        using (var response = await host.As("cons_456").SendStreaming(new HttpRequestMessage(HttpMethod.Get, Export)))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[10]);
        }

        var start = TimeProvider.System.GetTimestamp();
        List<JsonElement> entries;
        do entries = await Entries();
        while (entries.Count < 2 && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20));

        entries[0].GetProperty("details").GetProperty("how").GetString().Should().Be("interrupted");
        entries[0].GetProperty("details").GetProperty("entries").GetInt32().Should().BeLessThan(30_000);
    }

    [Fact]
    public async Task Revoking_a_key_over_the_API_interrupts_its_export()
    {
        await using var own = await OwnApp.Start();
        var trail = own.App.Services.GetRequiredService<IAuditTrail>();
        foreach (var chunk in Enumerable.Range(1, 20_000).Chunk(1_000))
            await Task.WhenAll(chunk.Select(i => trail.Write(AuditBed.Fact(i), default)));
        var made = (await own.App.As("operator")
            .Post("/v1/auth/keys", new { name = "export", scopes = new[] { "audit:read" }, expiry = "7d" }))
                .ShouldBe(HttpStatusCode.Created);
        var exporting = new ApiClient(own.App.NewHttp(), made["key"]);
        using var response = await exporting.SendStreaming(new HttpRequestMessage(HttpMethod.Get, Export));
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[10]);

        (await own.App.As("operator").Delete($"/v1/auth/keys/{made.Id}")).Status
            .Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);

        var rest = () => body.CopyToAsync(Stream.Null);
        await rest.Should().ThrowAsync<IOException>();
    }

    private async Task<List<string>> Write(int from, int count, string organization = "cons_456", string? other = null)
    {
        var trail = host.Services.GetRequiredService<IAuditTrail>();
        var facts = Enumerable.Range(from, count).Select(i => AuditBed.Fact(i, organization, other))
            .Select(f => f with { Id = Ids.New("log", f.At) }).ToList();
        foreach (var chunk in facts.Chunk(1_000)) await Task.WhenAll(chunk.Select(f => trail.Write(f, default)));
        await host.UntilSequenced();
        return facts.ConvertAll(f => f.Id);
    }

    /// <summary>The trail's entries about exports, newest first.</summary>
    private async Task<List<JsonElement>> Entries() =>
        [.. (await host.As("cons_456").Get("/v1/audit?action=GET%20/v1/audit/export")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")
            .EnumerateArray()];

    private static List<JsonElement> Lines(ApiResponse answer) =>
        [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string IdOf(JsonElement line) => line.GetProperty("id").GetString()!;
}
