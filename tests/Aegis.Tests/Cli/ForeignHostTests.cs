namespace Aegis.Tests.Cli;

/// <summary>A host that claims to be Aegis but sends impossible answers.</summary>
public sealed class ForeignHostTests(AegisApp app) : IClassFixture<AegisApp>
{
    [UnixTheory]
    [InlineData("../../../../tmp/elsewhere", "http://127.0.0.1:1/c", "SHA-256")]
    [InlineData("", "http://127.0.0.1:1/c", "SHA-256")]
    [InlineData("ok", "file:///etc/hostname", "not an http or https address")]
    [InlineData("ok", "http://[", "not an http or https address")]
    public async Task An_answer_cannot_refer_to_a_file_of_this_machine(string sha256, string url, string words)
    {
        var digest = sha256 == "ok" ? new string('a', 64) : sha256;
        await using var host = await StandIn.Start(_ => (200, $$$"""
            {"transferId":"trf_1","url":"{{{url}}}","urlExpiresAt":"2030-01-01T00:00:00Z","expiresInSeconds":300,"etag":"\"e\"","sizeBytes":10,"sha256":"{{{digest}}}",
            "contentType":"application/zip","mode":"platform","window":{"start":"2026-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z","maxViews":null},"meter":null,"metadata":{}}
            """));
        var folder = Directory.CreateTempSubdirectory("aegis-").FullName;
        var (code, _, error) =
            await app.Shell($"cd {folder}; export AEGIS_ENV=localhost:{new Uri(host.Url).Port}; $AEGIS transfers download trf_1");

        code.Should().Be(1, error);
        error.Should().Contain(words).And.NotContain("   at ");
        Directory.GetFiles(folder).Should().BeEmpty();
    }

    [UnixTheory]
    [InlineData("inbox", "{}", "Unexpected error")]
    [InlineData("inbox", "<html></html>", "Check that the address is an Aegis host.")]
    [InlineData("transfers download trf_1", "{}", "SHA-256")]
    public async Task An_impossible_answer_gives_an_error_of_one_line(string command, string answer, string words)
    {
        await using var host = await StandIn.Start(_ => (200, answer));
        var (code, _, error) = await app.Shell($"export AEGIS_ENV=localhost:{new Uri(host.Url).Port}; $AEGIS {command}");

        code.Should().Be(1, error);
        error.Should().StartWith("✗ ").And.EndWith("\n").And.Contain(words);
        error.Count(c => c == '\n').Should().Be(1, error);
    }
}
