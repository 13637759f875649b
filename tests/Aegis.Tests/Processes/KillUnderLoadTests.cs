using Xunit.Abstractions;

namespace Aegis.Tests.Processes;

/// <summary>A twentieth of what tests/campaign/faults does with <c>kills --count 200</c>.</summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_left_half_done_by_ten_kills()
    {
        var figures = await KillCampaign.Run(10, max: 30, output.WriteLine);

        figures.Violations.Should().BeEmpty();
        figures.Answers.Should().BeGreaterThan(10, "otherwise nothing was at stake");
    }
}
