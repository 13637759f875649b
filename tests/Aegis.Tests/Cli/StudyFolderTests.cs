namespace Aegis.Tests.Cli;

/// <summary>Unusual folders to send studies from, and unusual files to save them to.</summary>
public sealed class StudyFolderTests(AegisApp app) : IClassFixture<AegisApp>
{
    [UnixTheory]
    [InlineData("mkdir study")]
    [InlineData("mkdir study; : > study/DICOMDIR; : > study/.hidden; : > study/empty.dcm")]
    [InlineData("mkfifo study")]
    public async Task Without_files_to_send_the_command_says_so(string make)
    {
        var (code, _, error) =
            await AsProvider($"cd {NewFolder()}; {make}; timeout 60 $AEGIS requests fulfill {await app.AskForJaneDoe()} study");

        code.Should().Be(2);
        error.Should().Be("✗ There is nothing to send in 'study'.\n");
    }

    [UnixFact]
    public async Task Linked_folders_and_pipes_are_not_followed()
    {
        var (folder, outside) = (NewFolder(), NewFolder());
        foreach (var (file, i) in Parcel.Jane.Files()
            .Select((f, i) => (f, i))) await File.WriteAllBytesAsync(Path.Combine(outside, $"{i}.dcm"), file);
        await File.WriteAllTextAsync(Path.Combine(outside, "id_rsa"), "of another user");
        File.Copy(Path.Combine(outside, "0.dcm"), Path.Combine(folder, "0.dcm"));
        File.CreateSymbolicLink(Path.Combine(folder, "1.dcm"), Path.Combine(outside, "1.dcm"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), outside);
        Directory.CreateSymbolicLink(Path.Combine(folder, "circle"), folder);

        var (code, sent, error) =
            await AsProvider($"mkfifo {folder}/pipe; timeout 60 $AEGIS requests fulfill {await app.AskForJaneDoe()} {folder} -o json");

        code.Should().Be(0, error);
        var answer = JsonDocument.Parse(sent).RootElement;
        answer.GetProperty("instances").GetInt32().Should().Be(2);
        answer.GetProperty("warnings").GetRawText().Should().Contain("pipe").And.NotContain("id_rsa");
    }

    [UnixTheory]
    [InlineData("mkfifo $D/target", "not a writable ordinary file")]
    [InlineData("mkdir $D/target", "is a folder")]
    [InlineData("ln -s nothing $D/target", "is a link to nothing")]
    public async Task Only_ordinary_files_are_replaced(string make, string words)
    {
        var transfer = await app.Deliver();
        var folder = NewFolder();
        var before = $"D={folder}; {make}; stat -c %F $D/target > $D/before; ";
        var (code, _, error) = await AsConsumer(
                $"{before}$AEGIS transfers download {transfer.Id} --file $D/target; code=$?; stat -c %F $D/target | diff - $D/before || "
                    + "exit 99; exit $code");

        code.Should().Be(2, error);
        error.Should().Contain(words);
        Directory.GetFiles(folder, "*.part").Should().BeEmpty();
        (await transfer.Egress()).Should().Be(0);
    }

    [UnixFact]
    public async Task An_existing_file_is_replaced_even_if_linked_or_empty()
    {
        var transfer = await app.Deliver();
        var folder = NewFolder();
        var (code, _, error) = await AsConsumer(
            $"cd {folder}; : > real.zip; ln -s real.zip link.zip; $AEGIS transfers download {transfer.Id} --file link.zip && test -L "
                + "link.zip && sha256sum real.zip > sum");

        code.Should().Be(0, error);
        (await File.ReadAllTextAsync(Path.Combine(folder, "sum"))).Should().StartWith(transfer.Study.Sha256);
    }

    [UnixFact]
    public async Task A_full_disk_ends_the_download_at_once()
    {
        var transfer = await app.Deliver(instances: 4, size: 1_000_000);
        var (code, _, error) = await AsConsumer( // a program sees a file size limit like a full disk
            $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 1000; exec $AEGIS transfers download {transfer.Id} --file "
                + $"{NewFolder()}/study.zip");

        code.Should().Be(1, error);
        error.Should().NotContain("reached");
        await transfer.Settled();
        (await transfer.Egress()).Should().BeLessThan(2 * transfer.Study.SizeBytes); // it was requested once
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("aegis-").FullName;

    private Task<(int Code, byte[] Out, string Error)> AsProvider(string line) =>
        app.Shell($"export AEGIS_KEY={app.Key("provider")}; {line}");

    private Task<(int Code, byte[] Out, string Error)> AsConsumer(string line) =>
        app.Shell($"export AEGIS_KEY={app.Key("consumer")}; {line}");
}
