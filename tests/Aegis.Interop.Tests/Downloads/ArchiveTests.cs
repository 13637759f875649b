namespace Aegis.Interop.Tests.Downloads;

/// <summary>A study of 24 instances, downloaded once and opened with several archive programs.</summary>
public sealed class ArchiveTests(ArchiveTests.Study study) : IClassFixture<ArchiveTests.Study>
{
    [InteropFact("unzip")]
    public async Task Unzip_finds_no_error() =>
        (await Tool.Run("unzip", "-t", study.Received.Zip)).ShouldSucceed().Output
            .Should().Contain("No errors detected").And.Contain("0024.dcm");

    [InteropFact("7z")]
    public async Task Seven_zip_finds_no_error_and_no_warning() =>
        (await Tool.Run("7z", "t", study.Received.Zip)).ShouldSucceed().Output
            .Should().Contain("Everything is Ok").And.NotContain("Warning").And.Contain("Files: 24");

    [InteropFact("python3")]
    public async Task Python_reads_every_entry_stored_sorted_and_dated_1980() =>
        Lines(await Tool.Run(Tool.Python, Path.Combine(Tool.Folder, "Downloads", "read_zip.py"), study.Received.Zip))
            .Should().Equal(study.Received.Listing());

    [InteropFact("java")]
    public async Task Java_reads_every_entry_forward() =>
        Lines(await Tool.Run("java", Path.Combine(Tool.Folder, "Downloads", "ReadZip.java"), study.Received.Zip))
            .Should().Equal(study.Received.Listing());

    private static string[] Lines(ToolRun run) => run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Jane Doe's study after the exchange.</summary>
    public sealed class Study : IAsyncLifetime
    {
        private readonly ExchangeFixture exchange = new();

        public Received Received { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await exchange.InitializeAsync();
            Received = await exchange.Receive(await exchange.Synthesize(SyntheticStudySpec.JaneDoe));
            Received.Instances.Should().HaveCount(24);
        }

        public Task DisposeAsync() => exchange.DisposeAsync();
    }
}
