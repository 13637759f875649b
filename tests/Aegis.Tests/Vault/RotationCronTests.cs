using Aegis.Vault.Rotation;

namespace Aegis.Tests.Vault;

/// <summary>The times of <c>rotation_cron</c> equal those of release 0.1, which used another parser.</summary>
public sealed class RotationCronTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 22, 8, 13, 26, TimeSpan.Zero); // a Sunday

    [Theory]
    [InlineData("*/15 * * * *", "2026-11-22 08:15:00")]
    [InlineData("0 3 * * 0", "2026-11-29 03:00:00")]
    [InlineData("0 3 * * 7", "2026-11-29 03:00:00")]
    [InlineData("0 3 * * SUN", "2026-11-29 03:00:00")]
    [InlineData("0 3 * * 1-5", "2026-11-23 03:00:00")]
    [InlineData("0 3 * * 5-1", "2026-11-23 03:00:00")]
    [InlineData("0 3 * * 4/3", "2026-11-26 03:00:00")]
    [InlineData("0 3 13 * 5", "2026-11-27 03:00:00")] // the 13th or a Friday
    [InlineData("0 3 23 * 5", "2026-11-23 03:00:00")]
    [InlineData("0 3 13 * 0-6", "2026-12-13 03:00:00")]
    [InlineData("*/20,5 * * * *", "2026-11-22 08:20:00")]
    [InlineData("0 3 L * *", "2026-11-30 03:00:00")]
    [InlineData("0/7 0/5 8-17 * * ?", "2026-11-22 08:15:00")]
    [InlineData("0 0 22-2 * * ?", "2026-11-22 22:00:00")]
    [InlineData("0 0 12 ? * 1", "2026-11-22 12:00:00")]
    [InlineData("0 0 12 ? * 7", "2026-11-28 12:00:00")]
    [InlineData("0 0 12 ? * 6-2", "2026-11-22 12:00:00")]
    [InlineData("0 0 12 ? * 3/5", "2026-11-24 12:00:00")]
    [InlineData("0 0 12 ? * 6L", "2026-11-27 12:00:00")]
    [InlineData("0 0 12 ? * 6#3", "2026-12-18 12:00:00")]
    [InlineData("0 0 12 LW * ?", "2026-11-30 12:00:00")]
    [InlineData("0 0 12 15W * ?", "2026-12-15 12:00:00")]
    [InlineData("0 15,45 */6 29 2 ? *", "2028-02-29 00:15:00")]
    public void A_valid_expression_has_the_expected_next_time(string cron, string next)
    {
        RotationCron.Parse(cron)!.Next(Begin)
            .Should().Be(DateTimeOffset.Parse($"{next}Z", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("0 0 12 1 1 ? 2027")]
    [InlineData("0 0 12 1 * MON")]
    [InlineData("0 0 12 ? * 8")]
    [InlineData("0 0 12 ? * 0")]
    [InlineData("61 * * * *")]
    [InlineData("* * * * MON/0")]
    [InlineData("* * *")]
    [InlineData("")]
    public void An_invalid_expression_is_refused(string cron)
    {
        RotationCron.Parse(cron).Should().BeNull();
    }
}
