using Aegis.Sdk.Failures;
using Aegis.Sdk.Studies;

namespace Aegis.Tests.Sdk;

public sealed class DownloadTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_broken_download_resumes_where_it_stopped()
    {
        var transfer = await app.Deliver(size: 300_000);
        var ranges = new List<long?>();
        using var client = app.Client("consumer", Cut(after: 500_000, ranges));

        var downloaded = await client.Transfers.DownloadAsync(transfer.Id, Target("cut.zip"));

        Digest(downloaded.File).Should().Be(transfer.Study.Sha256);
        ranges.Should().HaveCount(2);
        ranges[0].Should().BeNull();
        ranges[1].Should().Be(500_000);
    }

    [Fact]
    public async Task A_later_call_resumes_a_partial_download()
    {
        var transfer = await app.Deliver(size: 300_000);
        var target = Target("left.zip");
        using (var leaving = app.Client("consumer", Cut(after: 400_000, [], always: true)))
        using (var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
        {
            var broken = () => leaving.Transfers.DownloadAsync(transfer.Id, target, cancellationToken: impatient.Token);
            await broken.Should().ThrowAsync<OperationCanceledException>();
        }

        File.Exists(target).Should().BeFalse("it is not complete");
        using var client = app.Client("consumer");
        var downloaded = await client.Transfers.DownloadAsync(transfer.Id, target);

        downloaded.ResumedAt.Should().Be(400_000);
        Digest(target).Should().Be(transfer.Study.Sha256);
        downloaded.Receipt.Instances.Should().Be(transfer.Study.Instances);
    }

    [Fact]
    public async Task An_address_that_expires_during_a_download_is_replaced()
    {
        var transfer = await app.Deliver(size: 300_000);
        var between = Cut(after: 400_000, [], then: () => app.Clock.Advance(TimeSpan.FromMinutes(6)));
        using var client = app.Client("consumer", between);

        var downloaded = await client.Transfers.DownloadAsync(transfer.Id, Target("late.zip"));

        Digest(downloaded.File).Should().Be(transfer.Study.Sha256);
        between.Count($"/v1/transfers/{transfer.Id}/open").Should().Be(2);
    }

    [Fact]
    public async Task Content_with_another_digest_is_not_kept()
    {
        var transfer = await app.Deliver(size: 100_000);
        var target = Target("wrong.zip");
        var between = new CallInterceptor(r => r.RequestUri!.AbsolutePath.StartsWith("/v1/content/", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[transfer.Study.SizeBytes]) } : null);
        using var client = app.Client("consumer", between);

        var download = () => client.Transfers.DownloadAsync(transfer.Id, target);

        await download.Should().ThrowAsync<AegisDigestException>();
        Directory.GetFiles(Path.GetDirectoryName(target)!, "wrong*").Should().BeEmpty();
    }

    [Fact]
    public async Task The_key_is_not_sent_to_the_contents_address()
    {
        var transfer = await app.Deliver();
        var withKey = false;
        var between = new CallInterceptor((HttpRequestMessage r) =>
        {
            withKey |= r.RequestUri!.AbsolutePath.StartsWith("/v1/content/", StringComparison.Ordinal)
                && (r.Headers.Authorization is not null || r.Headers.Contains("X-Api-Key"));
            return (HttpResponseMessage?)null;
        });
        using var client = app.Client("consumer", between);

        await client.Transfers.DownloadAsync(transfer.Id, Target("bare.zip"));

        withKey.Should().BeFalse();
        between.Calls.Should().Contain(c => c.Path.StartsWith("/v1/content/", StringComparison.Ordinal));
    }

    private string Target(string name) => Path.Combine(app.DataDirectory, "downloads", name);

    private static string Digest(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Truncates the first answer of content, or every one.</summary>
    private static CallInterceptor Cut(long after, List<long?> ranges, bool always = false, Action? then = null)
    {
        var direct = new HttpClient();
        var cut = false;
        return new CallInterceptor(async request =>
        {
            if (!request.RequestUri!.AbsolutePath.StartsWith("/v1/content/", StringComparison.Ordinal)) return null;
            ranges.Add(request.Headers.Range?.Ranges.Single().From);
            if (cut) return always ? throw new HttpRequestException("gone") : null;
            cut = true;
            var body = await direct.GetByteArrayAsync(request.RequestUri);
            then?.Invoke();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body[..(int)after]) };
        });
    }
}
