using System.Diagnostics;
using System.Globalization;
using Aegis.Tests.App;
using Xunit.Abstractions;

namespace Aegis.Tests.Studies.Metering;

/// <summary>
/// Random histories against a model. <c>tests/campaign/metering/run</c> runs many more of them: it sets how many, and the first seed.
/// </summary>
public sealed class MeterModelTests(AegisApp app, ITestOutputHelper output) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task Whatever_happens_the_meter_says_what_a_simple_model_says()
    {
        var (histories, first) = (Setting("AEGIS_METER_HISTORIES", 200), Setting("AEGIS_METER_SEED", 1));
        var (start, views) = (Stopwatch.GetTimestamp(), 0);

        for (var seed = first; seed < first + histories; seed++)
        {
            var history = new MeterHistory(app, seed);
            await history.Run();
            views += history.Views;
        }

        output.WriteLine($"{histories} histories from seed {first}, {views} views, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        views.Should().BeGreaterThan(histories / 4, "histories without views say nothing about them");
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
