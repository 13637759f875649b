namespace Aegis.Tests.Processes;

/// <summary>The host that sequences the audit log is killed. tests/campaign/faults does this more often.</summary>
public sealed class TakeoverTests
{
    private static readonly TimeSpan OnABusyMachine = TimeSpan.FromSeconds(30); // the campaign checks the promised five seconds

    [SqliteFact("kills hosts that share a file and looks into it")]
    public async Task Another_host_takes_over_the_log_and_no_entry_is_lost_or_duplicated()
    {
        var figures = await TakeoverCampaign.Run(2, OnABusyMachine, _ => { });

        figures.Violations.Should().BeEmpty();
        figures.Acknowledged.Should().BePositive();
        figures.Verdict.Should().Contain("Sound."); // the last entries may not be covered by a checkpoint yet
    }
}
