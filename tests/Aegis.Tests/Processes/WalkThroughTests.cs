namespace Aegis.Tests.Processes;

/// <summary>Pastes the commands of README and onboarding into a shell, against a real host process.</summary>
public sealed class WalkThroughTests
{
    [Fact]
    public async Task The_walk_through_of_the_README_works_when_pasted()
    {
        var folder = HostProcess.NewDataDirectory();
        await using var host = await HostProcess.Start(folder);

        var (exitCode, output) = await PastedDocument.Paste(host, folder, "README.md");

        exitCode.Should().Be(0, "the output was {0}", output);
        output.Should().Contain("study.zip: OK");
        output.Should().Contain("\"code\":\"transfer_destroyed\"");
        output.Should().Contain("\"keyErasedAt\"");
        output.Should().Contain("\"action\":\"transfer.delivered\"").And.Contain("\"action\":\"transfer.destroying\"");
    }

    [Fact]
    public async Task The_onboarding_page_works_when_pasted()
    {
        var folder = HostProcess.NewDataDirectory();
        await using var host = await HostProcess.Start(folder);

        var (exitCode, output) = await PastedDocument.Paste(host, folder, "docs/onboarding.md");

        exitCode.Should().Be(0, "the output was {0}", output);
        output.Should().Contain("\"code\":\"claim_used\"").And.Contain("\"name\":\"Example Reading LLC\"");
        output.Should().Contain("\"status\":\"active\"").And.Contain("\"providerBaaUntil\":\"2030-06-30\"");
    }
}
