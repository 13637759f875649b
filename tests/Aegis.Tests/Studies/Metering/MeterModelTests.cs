using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Aegis.Tests.Studies.Metering;

/// <summary>
/// Compares random histories with a model. <c>tests/campaign/metering/run</c> runs many more of them. It sets their number, the first seed,
/// and the number of minutes after which no new history begins.
/// </summary>
public sealed class MeterModelTests(AegisApp app, ITestOutputHelper output) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task The_meter_equals_a_simple_model_after_every_step()
    {
        var (wanted, first) = (Setting("AEGIS_METER_HISTORIES", 200), Setting("AEGIS_METER_SEED", 1));
        var longest = TimeSpan.FromMinutes(Setting("AEGIS_METER_MINUTES", 10));
        var (start, histories, views) = (Stopwatch.GetTimestamp(), 0, 0);

        for (; histories < wanted && (histories == 0 || Stopwatch.GetElapsedTime(start) < longest); histories++)
        {
            var history = new MeterHistory(app, first + histories);
            await history.Run();
            views += history.Views;
            if ((histories + 1) % 1000 == 0) output.WriteLine($"{histories + 1} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        }

        output.WriteLine(
            $"{histories} of {wanted} histories from seed {first}, {views} views, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        views.Should().BeGreaterThan(histories / 4, "histories without views do not test views");
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : fallback;
}
