using Aegis.Hangfire.Scheduling;
using Aegis.Kernel.Jobs;
using Cronos;
using Microsoft.Extensions.DependencyInjection;
using QuartzCron = Quartz.CronExpression;

namespace Aegis.Hangfire.Tests;

/// <summary>Hangfire's schedule is Quartz's.</summary>
[Collection(HangfireApp.Shared)]
public sealed class SixFieldsTests(HangfireApp hangfire)
{
    private static readonly DateTimeOffset[] Begins =
    [
        new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 22, 8, 13, 26, TimeSpan.Zero), new(2028, 2, 28, 23, 59, 59, TimeSpan.Zero),
    ];

    [Fact]
    public void Every_job_has_the_same_next_twenty_times()
    {
        var crons = hangfire.App.Services.GetServices<JobRegistration>().Select(j => j.Cron).Distinct().ToList();

        crons.Should().HaveCountGreaterThan(10);
        foreach (var cron in crons) ShouldAgree(cron);
    }

    [Theory]
    [InlineData("0/7 0/5 8-17 * * ?")]
    [InlineData("0 0 22-2 * * ?")]
    [InlineData("0 0 12 ? * 1")]
    [InlineData("0 0 12 ? * 7")]
    [InlineData("0 0 12 ? * MON-FRI")]
    [InlineData("0 0 12 ? * 6-2")]
    [InlineData("0 0 12 ? * SUN,4,sat")]
    [InlineData("0 0 12 ? * L")]
    [InlineData("0 0 12 ? * 6L")]
    [InlineData("0 0 12 ? * 6#3")]
    [InlineData("0 0 12 ? * MON#1")]
    [InlineData("0 0 12 L * ?")]
    [InlineData("0 0 12 L-3 * ?")]
    [InlineData("0 0 12 LW * ?")]
    [InlineData("0 0 12 15W * ?")]
    [InlineData("0 0 12 1/10 JAN,jul ?")]
    [InlineData("0 15,45 */6 29 2 ? *")]
    public void Other_schedules_agree_too(string cron)
    {
        ShouldAgree(cron);
    }

    [Theory]
    [InlineData("0 0 12 * *", "six fields")]
    [InlineData("0 0 12 * * ? 2027", "no year")]
    [InlineData("0 0 12 1 * MON", "days of the month and of the week")]
    [InlineData("0 0 12 ? * 2/2", "write steps out")]
    [InlineData("0 0 12 ? * 8", "no day of the week")]
    [InlineData("0 /5 12 * * ?", "a step needs a beginning")]
    public void What_Hangfire_cannot_say_is_refused(string cron, string why)
    {
        var convert = () => SixFields.Of(cron);

        convert.Should().Throw<FormatException>().WithMessage($"*{why}*");
    }

    private static void ShouldAgree(string cron)
    {
        var ours = new QuartzCron(cron).WithTimeZone(TimeZoneInfo.Utc);
        var theirs = CronExpression.Parse(SixFields.Of(cron), CronFormat.IncludeSeconds);
        foreach (var begin in Begins)
        {
            var expected = Next(begin, at => ours.GetNextValidTimeAfter(at));
            Next(begin, at => theirs.GetNextOccurrence(at, TimeZoneInfo.Utc)).Should().Equal(expected, "of {0}", cron);
            expected.Should().HaveCount(20);
        }
    }

    private static List<DateTimeOffset> Next(DateTimeOffset begin, Func<DateTimeOffset, DateTimeOffset?> after)
    {
        var found = new List<DateTimeOffset>();
        for (DateTimeOffset? at = after(begin); at is not null && found.Count < 20; at = after(at.Value)) found.Add(at.Value);
        return found;
    }
}
