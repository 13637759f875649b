namespace Aegis.Tests.Cli;

/// <summary>Folders that studies are sent from, and files that they are saved to, as they may be found on a disk.</summary>
public sealed class StudyFolderTests(AegisApp app) : IClassFixture<AegisApp>
{
    [UnixTheory]
    [InlineData("mkdir study")]
    [InlineData("mkdir study; : > study/DICOMDIR; : > study/.hidden; : > study/empty.dcm")]
    [InlineData("mkfifo study")]
    public async Task Where_there_is_nothing_to_send_a_sentence_says_so(string make)
    {
        var (code, _, error) =
            await AsProvider($"cd {NewFolder()}; {make}; timeout 60 $AEGIS requests fulfill {await app.AskForJaneDoe()} study");

        code.Should().Be(2);
        error.Should().Be("✗ There is nothing to send in 'study'.\n");
    }

    [UnixFact]
    public async Task Linked_folders_are_not_entered_and_pipes_not_waited_for()
    {
        var (folder, outside) = (NewFolder(), NewFolder());
        foreach (var (file, i) in Parcel.Jane.Files()
            .Select((f, i) => (f, i))) await File.WriteAllBytesAsync(Path.Combine(outside, $"{i}.dcm"), file);
        await File.WriteAllTextAsync(Path.Combine(outside, "id_rsa"), "of somebody else");
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
    [InlineData("mkfifo $D/target", "no ordinary file")]
    [InlineData("mkdir $D/target", "is a folder")]
    [InlineData("ln -s nothing $D/target", "is a link to nothing")]
    public async Task What_is_no_ordinary_file_is_not_replaced(string make, string words)
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
    public async Task A_file_that_is_there_is_replaced_also_behind_a_link_and_when_it_is_empty()
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
    public async Task A_disk_without_room_ends_the_download_at_once_and_is_named()
    {
        var transfer = await app.Deliver(instances: 4, size: 1_000_000);
        var (code, _, error) = await AsConsumer( // a limit of files is told to a program as a full disk is
            $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 1000; exec $AEGIS transfers download {transfer.Id} --file "
                + $"{NewFolder()}/study.zip");

        code.Should().Be(1, error);
        error.Should().NotContain("reached");
        await transfer.Settled();
        (await transfer.Egress()).Should().BeLessThan(2 * transfer.Study.SizeBytes); // it was asked for once
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("aegis-").FullName;

    private Task<(int Code, byte[] Out, string Error)> AsProvider(string line) =>
        app.Shell($"export AEGIS_KEY={app.Key("provider")}; {line}");

    private Task<(int Code, byte[] Out, string Error)> AsConsumer(string line) =>
        app.Shell($"export AEGIS_KEY={app.Key("consumer")}; {line}");
}
