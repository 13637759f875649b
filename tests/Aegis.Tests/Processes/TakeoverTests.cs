namespace Aegis.Tests.Processes;

/// <summary>The host that sequences the audit log dies; tests/campaign/faults does it oftener.</summary>
public sealed class TakeoverTests
{
    private static readonly TimeSpan OnABusyMachine = TimeSpan.FromSeconds(30); // the campaign holds it to the promise

    [SqliteFact("kills hosts that share a file and looks into it")]
    public async Task Another_host_goes_on_with_the_log_and_nothing_is_lost_or_twice_in_it()
    {
        var figures = await TakeoverCampaign.Run(2, OnABusyMachine, _ => { });

        figures.Violations.Should().BeEmpty();
        figures.Acknowledged.Should().BePositive();
        figures.Verdict.Should().Contain("Sound."); // the last entries may wait for their checkpoint
    }
}
