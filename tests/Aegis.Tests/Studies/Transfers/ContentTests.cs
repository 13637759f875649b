using System.IO.Compression;
using Aegis.Host.Edge;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

public sealed class ContentTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task The_content_is_the_digested_zip_with_neutral_headers()
    {
        var transfer = await app.Deliver();

        var content = await app.Anonymous.Get(await transfer.Open());

        content.ShouldBe(HttpStatusCode.OK);
        Digest(content.Body).Should().Be(transfer.Study.Sha256);
        content.Headers.ETag!.Tag.Should().Be(transfer.ETag);
        content.Headers.CacheControl!.NoStore.Should().BeTrue();
        content.Headers.AcceptRanges.Should().Equal("bytes");
        content.ContentHeaders.ContentType!.MediaType.Should().Be("application/zip");
        content.ContentHeaders.ContentDisposition!.FileName.Should().Be($"{transfer.Id}.zip");
        using var zip = new ZipArchive(new MemoryStream(content.Body));
        zip.Entries.Select(e => e.Name).Should().Equal("0001.dcm", "0002.dcm", "0003.dcm", "0004.dcm");
    }

    [Fact]
    public async Task A_download_interrupted_five_times_and_resumed_is_byte_identical()
    {
        var transfer = await app.Deliver(instances: 6, size: 1_000_000);
        using var got = new MemoryStream();

        for (var interruption = 1; interruption <= 5; interruption++)
        {
            using var part = await transfer.Stream(await transfer.Open(), got.Length);
            await CopySome(await part.Content.ReadAsStreamAsync(), got, 900_000);
        }

        using var rest = await transfer.Stream(await transfer.Open(), got.Length);
        rest.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        await rest.Content.CopyToAsync(got);
        Digest(got.ToArray()).Should().Be(transfer.Study.Sha256);
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("x")]
    public async Task A_malformed_ticket_is_not_found(string text)
    {
        (await app.Anonymous.Get($"/v1/content/{text}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Guessed_tickets_are_counted_in_the_audit_log()
    {
        await using var own = await OwnApp.Start();
        for (var guess = 0; guess < 3; guess++)
            (await own.App.Anonymous.Get($"/v1/content/{new string((char)('a' + guess), 43)}")).ShouldBeRefused(
                HttpStatusCode.NotFound, "not_found");

        await own.App.Services.GetRequiredService<CallAuditRefusals>().Store(default);

        var entries = (await own.App.As("admin").Get("/v1/audit?action=call.unauthenticated")).ShouldBe(HttpStatusCode.OK);
        entries.Json.GetProperty("items")[0].GetProperty("details").GetProperty("calls").GetInt32().Should().Be(3);
    }

    [Fact]
    public async Task A_ticket_is_not_logged_at_any_level()
    {
        var verbose = await AegisApp.Start(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"));
        var transfer = await verbose.Deliver();
        var url = await transfer.Open();

        await transfer.Download(url);

        var ticket = url[(url.LastIndexOf('/') + 1)..];
        verbose.Logs.Lines.Should().Contain(l => l.StartsWith("Debug Microsoft.AspNetCore", StringComparison.Ordinal));
        verbose.Logs.Lines.Should().NotContain(l => l.Contains(ticket, StringComparison.Ordinal));
        await verbose.DisposeAsync();
    }

    [Fact]
    public async Task Ranges_answer_206_with_their_position()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();
        var whole = await transfer.Download(url);

        var part = await transfer.Range(url, "bytes=1000-1999");
        var tail = await transfer.Range(url, "bytes=-10");

        part.ShouldBe(HttpStatusCode.PartialContent).Body.Should().Equal(whole[1000..2000]);
        part.ContentHeaders.ContentRange!.ToString().Should().Be($"bytes 1000-1999/{whole.Length}");
        tail.ShouldBe(HttpStatusCode.PartialContent).Body.Should().Equal(whole[^10..]);
    }

    [Fact]
    public async Task If_Range_with_another_tag_gets_the_whole_content()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();

        (await transfer.Range(url, "bytes=10-19", transfer.ETag)).ShouldBe(HttpStatusCode.PartialContent);
        var other = await transfer.Range(url, "bytes=10-19", "\"another\"");

        other.ShouldBe(HttpStatusCode.OK).Body.LongLength.Should().Be(transfer.Study.SizeBytes);
    }

    [Fact]
    public async Task A_range_after_the_end_is_refused_with_the_size()
    {
        var transfer = await app.Deliver();

        var refused = await transfer.Range(await transfer.Open(), $"bytes={transfer.Study.SizeBytes}-");

        refused.ShouldBeRefused(HttpStatusCode.RequestedRangeNotSatisfiable, "range_not_satisfiable");
        refused.ContentHeaders.ContentRange!.ToString().Should().Be($"bytes */{transfer.Study.SizeBytes}");
        (await transfer.Egress()).Should().Be(0);
    }

    [Fact]
    public async Task Head_and_304_answer_without_counting()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();

        var head = await app.Anonymous.Send(new HttpRequestMessage(HttpMethod.Head, url));
        var known = await app.Anonymous.With("If-None-Match", transfer.ETag).Get(url);

        head.ShouldBe(HttpStatusCode.OK).ContentHeaders.ContentLength.Should().Be(transfer.Study.SizeBytes);
        known.ShouldBe(HttpStatusCode.NotModified).Body.Should().BeEmpty();
        (await transfer.Egress()).Should().Be(0);
        (await transfer.Views()).Should().Be("0");
    }

    [Fact]
    public async Task An_unknown_ticket_is_not_found()
    {
        (await app.Anonymous.Get($"/v1/content/{new string('A', 43)}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await app.Anonymous.Get("/v1/content/x")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_expired_ticket_is_refused_and_never_cuts_a_running_stream()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(instances: 4, size: 8_000_000);
        var url = await transfer.Open();
        using var running = await transfer.Stream(url);

        own.App.Clock.Advance(ContentTicket.Lifetime);
        await Task.Delay(500); // longer than a cut takes

        (await own.App.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");
        Digest(await running.Content.ReadAsByteArrayAsync()).Should().Be(transfer.Study.Sha256);
    }

    [Fact]
    public async Task A_stream_is_audited_with_begin_and_end_for_both_parties_without_the_ticket()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();
        await transfer.Download(url);
        await Delivered.Eventually(async () => await transfer.Leases() == 0, "the download is settled");

        await Delivered.Eventually(async () =>
            (await Trail("consumer", transfer.Id)).Contains("\"end\"", StringComparison.Ordinal), "the end is written");

        var (own, theirs) = (await Trail("consumer", transfer.Id), await Trail("provider", transfer.Id));
        own.Should().Contain("\"begin\"").And.Contain($"\"bytes\":{transfer.Study.SizeBytes}");
        theirs.Split("GET /v1/content/{ticket}").Should().HaveCount(3, "the counterparty sees that there were two entries");
        (own + theirs).Should().NotContain(url.Split('/')[^1]);
    }

    [Fact]
    public async Task A_crash_during_a_download_leaves_its_lease_as_the_upper_bound()
    {
        var transfer = await app.Deliver();
        await app.InStudies(async db =>
        {
            db.Leases.Add(new(transfer.Id, 0, 60_000, 70_000, app.Clock.GetUtcNow())); // as a killed host leaves it
            return await db.SaveChangesAsync();
        });

        var read = await transfer.Read();

        (read["meter.served.bytes"], read["meter.served.atMostBytes"]).Should().Be(("0", "60000"));
        (read["meter.served.egressBytes"], read["meter.served.atMostEgressBytes"]).Should().Be(("0", "70000"));
    }

    private async Task<string> Trail(string role, string id) =>
        (await app.As(role).Get($"/v1/audit?object={id}&action=GET%20/v1/content/%7Bticket%7D")).ShouldBe(HttpStatusCode.OK).Text;

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task CopySome(Stream from, MemoryStream to, int count)
    {
        var buffer = new byte[count];
        await from.ReadExactlyAsync(buffer);
        to.Write(buffer);
    }
}
