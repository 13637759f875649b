using Aegis.Sdk.Studies;

namespace Aegis.Tests.Sdk;

public sealed class ExchangeTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_study_is_requested_sent_downloaded_acknowledged_and_destroyed()
    {
        using var consumer = app.Client("consumer");
        using var provider = app.Client("provider");
        var (sent, got) = (new RecordedProgress(), new RecordedProgress());
        var file = Path.Combine(app.DataDirectory, "down", "study.zip");

        var asked =
            await consumer.Requests.CreateAsync(new AskForStudy("prov_123", new Patient("Doe", "Jane", "1971-03-05"), "Second opinion")
            {
                Study = new StudyDescription { Modality = "CT" },
                Window = new AskedWindow(Hours: 24),
            });
        (await provider.Requests.AcceptAsync(asked.Id)).Status.Should().Be("accepted");
        var fulfilment =
            await provider.Requests.FulfillFromFolderAsync(asked.Id, app.StudyFolder(), new FulfillOptions { Progress = sent });
        var arrived = await consumer.Transfers.InboxAsync().FirstAsync(t => t.RequestId == asked.Id);
        var downloaded = await consumer.Transfers.DownloadAsync(arrived.Id, file, got);
        var acknowledged = await consumer.Transfers.AcknowledgeAsync(arrived.Id, downloaded.Receipt);
        var destroying = await provider.Transfers.DestroyAsync(arrived.Id);

        asked.Should().BeEquivalentTo(
            new { Status = "pending", ConsumerId = "cons_456", Patient = new Patient("Doe", "Jane", "1971-03-05") });
        fulfilment.Should().BeEquivalentTo(new { TransferId = arrived.Id, arrived.Instances, arrived.SizeBytes, arrived.Sha256 });
        downloaded.Receipt.Should().Be(new Receipt(arrived.Instances, arrived.SizeBytes, arrived.Sha256));
        new FileInfo(file).Length.Should().Be(arrived.SizeBytes);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it is a patient's");
        Directory.GetFiles(Path.GetDirectoryName(file)!).Should().ContainSingle("the partial file is gone");
        acknowledged.Meter.Acknowledged!.Sha256.Should().Be(arrived.Sha256);
        acknowledged.Disputed.Should().BeFalse();
        sent.Last.Should().Match<TransferProgress>(p => p.Bytes == p.OfBytes && p.Bytes > 0);
        got.Last.Should().Be(new TransferProgress(arrived.SizeBytes, arrived.SizeBytes));
        destroying.Status.Should().BeOneOf("destroying", "destroyed");
        await Delivered.Eventually(async () =>
            (await consumer.Transfers.GetCertificateAsync(arrived.Id)).Status == "destroyed", "it is destroyed");
        (await consumer.Transfers.GetCertificateAsync(arrived.Id)).By.Should().Be("provider");
        (await consumer.Requests.GetAsync(asked.Id)).TransferId.Should().Be(arrived.Id);
    }

    [Fact]
    public async Task Requests_are_declined_cancelled_and_listed_in_pages()
    {
        using var consumer = app.Client("consumer");
        using var provider = app.Client("provider");
        var ask = new AskForStudy("prov_123", new Patient("Roe", "Max", "1980-01-02"), "AI review") { PurposeOfUse = "ai_review" };

        var first = await consumer.Requests.CreateAsync(ask, idempotencyKey: "a-1");
        var same = await consumer.Requests.CreateAsync(ask, idempotencyKey: "a-1");
        var second = await consumer.Requests.CreateAsync(ask);
        var declined = await provider.Requests.DeclineAsync(first.Id, "no_match", "Nobody of that name.");
        var cancelled = await consumer.Requests.CancelAsync(second.Id);
        var page = await consumer.Requests.ListPageAsync(limit: 1);
        var walked = await consumer.Requests.ListAsync().Select(r => r.Id).ToListAsync();

        same.Id.Should().Be(first.Id);
        declined.Decline.Should().Be(new Decline("no_match", "Nobody of that name."));
        cancelled.Status.Should().Be("cancelled");
        page.Items.Should().ContainSingle();
        page.NextCursor.Should().NotBeNull();
        walked.Should().Contain([first.Id, second.Id]).And.OnlyHaveUniqueItems();
    }

    private sealed class RecordedProgress : IProgress<TransferProgress>
    {
        public TransferProgress Last { get; private set; }

        public void Report(TransferProgress value) => Last = value;
    }
}
