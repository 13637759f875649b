namespace Aegis.Vault.Rotation;

/// <summary>
/// When a credential is due next. Those that were registered together are spread a little, so that they do not stay due at the same moment.
/// </summary>
internal static class DueTimes
{
    private const double Spread = 0.01; // of the interval
    private static readonly TimeSpan MaxLead = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxSpread = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CronSpread = TimeSpan.FromMinutes(1); // an expression names a time, and means it

    /// <param name="credentialId">Decides the credential's place in the spread, so that the same question has the same answer.</param>
    /// <param name="cron">A cron expression in UTC, or null for the interval.</param>
    /// <param name="interval">From one rotation to the next.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null when the cron expression names no further time, or can no longer be read.</returns>
    public static DateTimeOffset? Next(string credentialId, string? cron, TimeSpan interval, DateTimeOffset now)
    {
        if (cron is null) return now + interval + SpreadOf(credentialId) * Min(interval * Spread, MaxSpread);
        return RotationCron.Parse(cron)?.Next(now) is { } next ? next + SpreadOf(credentialId) * CronSpread : null;
    }

    /// <summary>
    /// When the value before an end is followed by the next: a day before it at most, so that there is time to repeat. A short life is used
    /// by half, since otherwise each new value would be due as soon as it is made.
    /// </summary>
    /// <param name="end">When the value ends.</param>
    /// <param name="threshold">How long before the end its owner is warned.</param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset BeforeEnd(DateTimeOffset end, TimeSpan threshold, DateTimeOffset now) =>
        end.Earlier(Min(Min(threshold, MaxLead), end > now ? (end - now) / 2 : TimeSpan.Zero));

    /// <summary>True when the text is a cron expression that names a time to come.</summary>
    public static bool IsCron(string text, DateTimeOffset now) => RotationCron.Parse(text)?.Next(now) is not null;

    /// <summary>0 to 1.</summary>
    private static double SpreadOf(string credentialId) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(credentialId)), 0) / (double)uint.MaxValue;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Adds to and takes from a time without leaving what a time can express.</summary>
internal static class BoundedTime
{
    public static DateTimeOffset Later(this DateTimeOffset time, TimeSpan by) =>
        DateTimeOffset.MaxValue - time < by ? DateTimeOffset.MaxValue : time + by;

    public static DateTimeOffset Earlier(this DateTimeOffset time, TimeSpan by) =>
        time - DateTimeOffset.MinValue < by ? DateTimeOffset.MinValue : time - by;
}
