using System.Security.Cryptography;
using System.Text;
using Quartz;

namespace Aegis.Vault.Rotation;

/// <summary>When a credential is due next. Those that were registered together are spread a little, so that they do not fall due together for ever.</summary>
internal static class DueTimes
{
    private const double Spread = 0.01; // of the interval
    private static readonly TimeSpan LongestSpread = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CronSpread = TimeSpan.FromMinutes(1); // whoever names a time means it

    /// <param name="credentialId">Decides the credential's place in the spread, so that the same question has the same answer.</param>
    /// <param name="cron">A cron expression in UTC, or null for the interval.</param>
    /// <param name="interval">From one rotation to the next.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null when the cron expression names no further time.</returns>
    public static DateTimeOffset? Next(string credentialId, string? cron, TimeSpan interval, DateTimeOffset now)
    {
        if (cron is null) return now + interval + Place(credentialId) * Min(interval * Spread, LongestSpread);
        return Parse(cron)?.GetNextValidTimeAfter(now) is { } next ? next + Place(credentialId) * CronSpread : null;
    }

    /// <summary>True when the text is a cron expression that names a time to come.</summary>
    public static bool IsCron(string text, DateTimeOffset now) => Parse(text)?.GetNextValidTimeAfter(now) is not null;

    /// <summary>Five fields as cron(8) reads them, or six or seven with seconds and years as Quartz does.</summary>
    private static CronExpression? Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.TryParse(text, fields == 5 ? CronFormat.Unix : CronFormat.Quartz, out var expression)
            ? expression.WithTimeZone(TimeZoneInfo.Utc)
            : null;
    }

    /// <summary>0 to 1.</summary>
    private static double Place(string credentialId) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(credentialId)), 0) / (double)uint.MaxValue;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
