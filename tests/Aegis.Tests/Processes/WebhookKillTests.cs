using Xunit.Abstractions;

namespace Aegis.Tests.Processes;

/// <summary>A twentieth of what tests/campaign/webhooks does.</summary>
public sealed class WebhookKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_event_reaches_its_receiver_with_one_id_despite_ten_kills()
    {
        var figures = await WebhookKills.Run(kills: 10, events: 500, output.WriteLine);

        output.WriteLine($"{figures}");
        figures.Violations.Should().BeEmpty();
        figures.Events.Should().BeGreaterThanOrEqualTo(500);
    }
}
