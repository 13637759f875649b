using Xunit.Abstractions;

namespace Aegis.Tests.Processes;

/// <summary>A twentieth of what tests/campaign/faults does with <c>kills --count 200</c>.</summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ten_kills_lose_no_acknowledged_write_and_leave_nothing_half_done()
    {
        var figures = await KillCampaign.Run(10, max: 30, output.WriteLine);

        figures.Violations.Should().BeEmpty();
        figures.Answers.Should().BeGreaterThan(10, "otherwise the kills tested nothing");
    }
}
