namespace Aegis.Interop.Tests.Uploads;

/// <summary>Archives that other programs created.</summary>
public sealed class ZipUploadTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    private static readonly SyntheticStudySpec Study = SyntheticStudySpec.JaneDoe with { Rows = 64, Columns = 64, InstancesPerSeries = 2 };

    [InteropTheory("7z")]
    [InlineData("-mm=Deflate")]
    [InlineData("-mm=Copy")]
    public async Task An_archive_of_7_Zip_is_accepted(string method)
    {
        var (files, zip) = await Prepare();
        (await Tool.Run("7z", ["a", "-tzip", method, zip, .. files])).ShouldSucceed();

        (await Upload(zip)).Instances.Should().HaveCount(files.Length);
    }

    [InteropTheory("7z")]
    [InlineData("-mm=LZMA")]
    [InlineData("-mm=Deflate64")]
    [InlineData("-mm=BZip2")]
    public async Task A_rare_method_is_refused_with_its_code(string method)
    {
        var (files, zip) = await Prepare();
        (await Tool.Run("7z", ["a", "-tzip", method, zip, .. files])).ShouldSucceed();

        (await exchange.Fulfil(ExchangeFixture.Bytes(zip, "application/zip"))).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "zip_method_unsupported");
    }

    [InteropFact("7z")]
    public async Task An_encrypted_archive_is_refused_with_its_code()
    {
        var (files, zip) = await Prepare();
        (await Tool.Run("7z", ["a", "-tzip", "-psecret", zip, .. files])).ShouldSucceed();

        (await exchange.Fulfil(ExchangeFixture.Bytes(zip, "application/zip"))).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "zip_encrypted");
    }

    [InteropFact("java")]
    public async Task An_archive_of_Java_is_accepted()
    {
        var (files, zip) = await Prepare();
        (await Tool.Run("java", [Path.Combine(Tool.Folder, "Uploads", "WriteZip.java"), zip, .. files])).ShouldSucceed();

        (await Upload(zip)).Instances.Should().HaveCount(files.Length);
    }

    [InteropFact("python3")]
    public async Task An_archive_of_Python_is_accepted()
    {
        var (files, zip) = await Prepare();
        (await Tool.Run(Tool.Python, ["-m", "zipfile", "-c", zip, .. files])).ShouldSucceed();

        (await Upload(zip)).Instances.Should().HaveCount(files.Length);
    }

    [InteropFact("python3")]
    public async Task A_zip64_archive_of_Python_with_extra_files_of_a_Mac_is_accepted()
    {
        var (files, zip) = await Prepare();
        (await Tool.Run(Tool.Python, [Path.Combine(Tool.Folder, "Uploads", "zip64.py"), zip, .. files])).ShouldSucceed();

        var fulfilled = await exchange.Fulfil(ExchangeFixture.Bytes(zip, "application/zip"));

        fulfilled.Text.Should().Contain("files_ignored");
        (await exchange.Deliver(fulfilled)).Instances.Should().HaveCount(files.Length);
    }

    [InteropFact("7z", "unzip")]
    public async Task A_received_archive_can_be_sent_on_unchanged()
    {
        var (files, _) = await Prepare();
        var received = await exchange.Receive(files);

        var again = await exchange.Deliver(await exchange.FulfilConfirmed(() => ExchangeFixture.Bytes(received.Zip, "application/zip")));

        (await Tool.Run("unzip", "-t", again.Zip)).ShouldSucceed();
        again.Instances.Should().HaveCount(files.Length);
    }

    [InteropFact("dcmmkdir", "7z")]
    public async Task A_disc_is_accepted_without_its_DICOMDIR()
    {
        var (files, zip) = await Prepare();
        var disc = exchange.NewFolder();
        foreach (var (file, i) in files.Select((f, i) => (f, i))) File.Copy(file, Path.Combine(disc, $"IM{i}"));
        (await Tool.RunIn(disc, "dcmmkdir", [.. files.Select((_, i) => $"IM{i}")])).ShouldSucceed();
        (await Tool.RunIn(disc, "7z", "a", "-tzip", zip, "DICOMDIR", "IM0", "IM1", "IM2", "IM3")).ShouldSucceed();

        (await Upload(zip)).Instances.Should().HaveCount(files.Length);
    }

    private async Task<(string[] Files, string Zip)> Prepare() =>
        (await exchange.Synthesize(Study), Path.Combine(exchange.NewFolder(), "upload.zip"));

    private async Task<Received> Upload(string zip) =>
        await exchange.Deliver(await exchange.Fulfil(ExchangeFixture.Bytes(zip, "application/zip")));
}
