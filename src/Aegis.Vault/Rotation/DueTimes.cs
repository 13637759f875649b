namespace Aegis.Vault.Rotation;

/// <summary>
/// Computes when a credential is due next. Due times are spread a little, so that credentials registered together do not stay due at the
/// same moment.
/// </summary>
internal static class DueTimes
{
    private const double Spread = 0.01; // of the interval
    private static readonly TimeSpan MaxLead = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxSpread = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CronSpread = TimeSpan.FromMinutes(1); // small, because an expression names an exact time

    /// <param name="credentialId">Decides the offset in the spread, so that the same input gives the same result.</param>
    /// <param name="cron">A cron expression in UTC, or null for the interval.</param>
    /// <param name="interval">From one rotation to the next.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null when the cron expression has no future time or is no longer readable.</returns>
    public static DateTimeOffset? Next(string credentialId, string? cron, TimeSpan interval, DateTimeOffset now)
    {
        if (cron is null) return now + interval + SpreadOf(credentialId) * Min(interval * Spread, MaxSpread);
        return RotationCron.Parse(cron)?.Next(now) is { } next ? next + SpreadOf(credentialId) * CronSpread : null;
    }

    /// <summary>
    /// When to replace a value that expires: at most a day before its end, so that there is time for retries. A value with a short life is
    /// replaced after half of it, because otherwise each new value would be due at once.
    /// </summary>
    /// <param name="end">When the value expires.</param>
    /// <param name="threshold">How long before the expiry its owner is warned.</param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset BeforeEnd(DateTimeOffset end, TimeSpan threshold, DateTimeOffset now) =>
        end.Earlier(Min(Min(threshold, MaxLead), end > now ? (end - now) / 2 : TimeSpan.Zero));

    /// <summary>True when the text is a cron expression with a future time.</summary>
    public static bool IsCron(string text, DateTimeOffset now) => RotationCron.Parse(text)?.Next(now) is not null;

    /// <summary>0 to 1.</summary>
    private static double SpreadOf(string credentialId) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(credentialId)), 0) / (double)uint.MaxValue;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Adds to and subtracts from a time without overflow.</summary>
internal static class BoundedTime
{
    public static DateTimeOffset Later(this DateTimeOffset time, TimeSpan by) =>
        DateTimeOffset.MaxValue - time < by ? DateTimeOffset.MaxValue : time + by;

    public static DateTimeOffset Earlier(this DateTimeOffset time, TimeSpan by) =>
        time - DateTimeOffset.MinValue < by ? DateTimeOffset.MinValue : time - by;
}
