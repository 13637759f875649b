namespace Aegis.Interop.Tests.Downloads;

/// <summary>curl as the consumer: it is interrupted, resumes, and requests parts.</summary>
public sealed class ResumeTests(ResumeTests.Study study) : IClassFixture<ResumeTests.Study>
{
    [InteropFact("curl")]
    public async Task A_download_killed_five_times_and_resumed_is_byte_identical()
    {
        var file = Path.Combine(study.Folder(), "resumed.zip");

        for (var interruption = 1; interruption <= 5; interruption++) await FetchSome(file, 1_000_000);
        new FileInfo(file).Length.Should().Be(5_000_000);

        (await Tool.Run("curl", "-sSf", "-C", "-", "-o", file, await study.Open())).ShouldSucceed();
        Digest(file).Should().Be(study.Sha256);
    }

    [InteropFact("curl")]
    public async Task Parts_downloaded_in_any_order_make_the_whole()
    {
        var file = Path.Combine(study.Folder(), "parts.zip");
        var url = await study.Open();
        string[] ranges = ["0-0", "1-65535", "65536-200000", "200001-"];

        foreach (var range in ranges.Reverse()) (await Tool.Run("curl", "-sSf", "-r", range, "-o", $"{file}.{range}", url)).ShouldSucceed();
        await using (var whole = File.Create(file))
        {
            foreach (var range in ranges) await whole.WriteAsync(await File.ReadAllBytesAsync($"{file}.{range}"));
        }

        Digest(file).Should().Be(study.Sha256);
    }

    [InteropFact("curl")]
    public async Task A_HEAD_request_tells_the_length_and_that_ranges_are_supported()
    {
        var head = (await Tool.Run("curl", "-sSfI", await study.Open())).ShouldSucceed().Output;

        head.Should().Contain(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {study.Length}")).And.Contain(
            "Accept-Ranges: bytes");
    }

    [InteropFact("curl")]
    public async Task A_finished_download_is_not_sent_again_for_a_known_digest()
    {
        var headers = (await Tool.Run("curl", "-sS", "-D", "-", "-o", Path.Combine(study.Folder(), "again"), "-H",
                $"If-None-Match: \"{study.Sha256}\"", await study.Open())).ShouldSucceed();

        headers.Output.Should().StartWith("HTTP/1.1 304");
    }

    // The reader of curl's output stops, so curl is still downloading when it is killed.
    private async Task FetchSome(string file, int count)
    {
        await using var target = File.Open(file, FileMode.Append);
        var from = target.Position.ToString(CultureInfo.InvariantCulture);
        using var curl = Tool.Start(study.Folder(), "curl", "-sSf", "-C", from, await study.Open());
        var piece = new byte[count];
        await curl.StandardOutput.BaseStream.ReadExactlyAsync(piece);
        await target.WriteAsync(piece);
        curl.HasExited.Should().BeFalse();
        curl.Kill();
        await curl.WaitForExitAsync();
    }

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    /// <summary>A delivered study of twelve megabytes.</summary>
    public sealed class Study : IAsyncLifetime
    {
        private readonly ExchangeFixture exchange = new();
        private string transfer = "";

        public string Sha256 { get; private set; } = "";

        public long Length { get; private set; }

        public async Task InitializeAsync()
        {
            await exchange.InitializeAsync();
            var files = await exchange.Synthesize(SyntheticStudySpec.JaneDoe with { Rows = 512, Columns = 512 });
            var fulfilled = await exchange.Fulfil(ExchangeFixture.Multipart(files));
            (transfer, Sha256, Length) =
                (fulfilled["transferId"]!, fulfilled["sha256"]!, fulfilled.Json.GetProperty("sizeBytes").GetInt64());
        }

        public Task DisposeAsync() => exchange.DisposeAsync();

        public Task<string> Open() => exchange.Open(transfer);

        public string Folder() => exchange.Folder;
    }
}
