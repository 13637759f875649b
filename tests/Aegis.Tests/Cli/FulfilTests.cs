namespace Aegis.Tests.Cli;

public sealed class FulfilTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task Findings_are_explained_with_the_flags_that_confirm_them()
    {
        using var provider = As("provider");
        var id = await app.AskForJaneDoe(study: new { modality = "MR" });
        var folder = await Folder(provider, (Parcel.Jane with { PatientName = "DOE^JOAN" }).Files());

        var refused = (await provider.Run("requests", "fulfill", id, folder)).ShouldEndWith(2).Error;
        string[] flags = [.. refused.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("--confirm ", StringComparison.Ordinal))
            .SelectMany(l => l.Split(' '))];
        var sent = await provider.Run(["requests", "fulfill", id, folder, .. flags]);

        refused.Should().Contain("not a study of the requested patient: the given name differs").And.Contain(
            "the modality differs").And.Contain("(4 instances)").And.NotContain("?confirm");
        flags.Should().HaveCount(4);
        sent.ShouldEndWith(0);
    }

    [Fact]
    public async Task A_folder_like_a_patient_CD_is_sent_and_other_files_are_named()
    {
        using var provider = As("provider");
        var files = Parcel.Jane.Files();
        var folder = await Folder(provider, [.. files, files[0]]);
        await File.WriteAllTextAsync(Path.Combine(folder, "LIES MICH – bitte.TXT"), "Hello");
        await File.WriteAllBytesAsync(Path.Combine(folder, "DICOMDIR"), Parcel.MediaDirectory());

        (await provider.Run("requests", "fulfill", await app.AskForJaneDoe(), folder, "--strict")).ShouldEndWith(2).Error
            .Should().Contain("not_dicom");
        var sent = (await provider.Run("requests", "fulfill", await app.AskForJaneDoe(), folder, "-o", "json")).ShouldEndWith(0).Json;

        sent.GetProperty("instances").GetInt32().Should().Be(4);
        sent.GetProperty("warnings")[0].GetProperty("names")[0].GetString().Should().Be("LIES MICH – bitte.TXT");
    }

    private static async Task<string> Folder(Terminal terminal, IEnumerable<byte[]> files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(terminal.Home, "study")).FullName;
        foreach (var (file, i) in files.Select((f, i) => (f, i))) await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.dcm"), file);
        return folder;
    }

    private Terminal As(string role)
    {
        var terminal = new Terminal();
        terminal["AEGIS_KEY"] = app.Key(role);
        terminal["AEGIS_ENV"] = app.BaseAddress.Authority;
        return terminal;
    }
}
