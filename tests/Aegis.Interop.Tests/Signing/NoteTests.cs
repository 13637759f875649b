using Aegis.Audit.Notes;

namespace Aegis.Interop.Tests.Signing;

/// <summary>OpenSSL and Go's note package verify our notes, with the commands shown in docs/evidence.md.</summary>
public sealed class NoteTests
{
    [InteropFact("openssl", "x-mod")]
    public async Task The_commands_of_the_evidence_page_work_when_pasted()
    {
        var folder = HostProcess.NewDataDirectory();
        await using var host = await HostProcess.Start(folder);

        var (exitCode, output) = await PastedDocument.Paste(host, folder, "README.md", "docs/evidence.md");

        exitCode.Should().Be(0, "the output was {0}", output);
        output.Should().Contain("forged.note is refused").And.Contain("Go refuses forged.note");
        output.Split("Signature Verified Successfully")
            .Should().HaveCount(4, "certificate, receipt and checkpoint are verified, the forged one is not");
        output.Should().Contain(" entries of localhost:").And.Contain("Go refuses forged.json");
        output.Split("aegis certificate of destruction v1\n").Should().HaveCount(3, "shown by cat and by Go");
        output.Should().Contain("aegis receipt v1\n");
    }

    [InteropFact("python3")]
    public async Task The_commands_of_the_webhooks_page_run_when_pasted()
    {
        await using var host = await HostProcess.Start(HostProcess.NewDataDirectory());
        var port = $"{Aegis.Tests.App.Ports.Reserve()}";

        var output = await PastedDocument.PasteAll(host, "docs/webhooks.md", ("9000", port), ("python3 -", $"{Tool.Python} -"));

        output.Should().Contain("\"type\":\"webhook.ping\"").And.Contain("\"type\":\"request.created\"").And.Contain("\"queued\":");
    }

    [InteropFact("x-mod")]
    public async Task Go_opens_exactly_the_notes_that_we_open()
    {
        var folder = Directory.CreateTempSubdirectory("aegis-notes-").FullName;
        var (signer, other) =
            (new NoteSigner("localhost:8012/aegis-audit", new byte[32]), new NoteSigner("other", Enumerable.Repeat((byte)7, 32).ToArray()));
        var note = SignedNote.Sign("title\n\na: 1\nb: zwei Wörter \u2014 und mehr\n", signer);
        var two = SignedNote.Sign("title\n", other, signer);
        List<string> cases =
        [
            note, two, note.Replace("a: 1", "a: 2", StringComparison.Ordinal),
            note.Replace(signer.Name, "other", StringComparison.Ordinal), note[..^1],
            note + "\n", note.Replace("\u2014", "-", StringComparison.Ordinal), note.Replace("\n\n", "\n", StringComparison.Ordinal),
            SignedNote.Sign("title\n", other),
            "", "\n\n", note.Replace("title", "ti\ttle", StringComparison.Ordinal),
            two + SignedNote.Sign("text\n", signer).Split('\n')[2] + "\n",
            two.Replace("\u2014 other", "\u2014 an other", StringComparison.Ordinal), note.Replace("=\n", "\n", StringComparison.Ordinal),
            note[..^10] + "AAAAAAAAA\n",
            two.Replace("\n\n", $"\n\n{SignedNote.Sign("text\n", signer).Split('\n')[2]}\n", StringComparison.Ordinal),
            note.Replace("=\n", "=\r\n", StringComparison.Ordinal),
        ];
        for (var i = 0; i < cases.Count; i++) await File.WriteAllTextAsync(Path.Combine(folder, $"{i}.note"), cases[i]);
        await File.WriteAllTextAsync(Path.Combine(folder, "keys.txt"), $"{signer.Verifier}\n");

        var theirs = (await Tool.RunGo(folder, "opennotes.go", "keys.txt", $"{cases.Count}")).ShouldSucceed().Output.Trim().Split('\n');

        var ours = cases.Select(c => SignedNote.TryOpen(c, [signer.Verifier], out _) ? "opened" : "refused").ToList();
        theirs.Should().Equal(ours);
        ours.Select((o, i) => (o, i)).Where(x => x.o == "opened").Select(x => x.i).Should().Equal(0, 1, 12);
        Directory.Delete(folder, recursive: true);
    }
}
