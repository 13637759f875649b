using System.Security.Cryptography;

namespace Aegis.Webhooks.Sending;

/// <summary>When the next attempt of a delivery is due.</summary>
internal static class RetrySchedule
{
    private const int Jitter = 10; // percent, plus or minus: deliveries that failed together are not all retried at once
    private const int Grain = 1000;

    /// <summary>Wait after the first attempt, the second, and so on.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The longest Retry-After that is honored.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>The wait after a failed attempt; null if it was the last one.</summary>
    /// <param name="step">Number of earlier attempts.</param>
    /// <param name="retryAfter">The receiver's Retry-After. The next attempt is not made before it.</param>
    public static TimeSpan? After(int step, TimeSpan? retryAfter)
    {
        if (step >= Waits.Count) return null;
        var wait = Waits[step] * (1 + (RandomNumberGenerator.GetInt32(-Grain, Grain + 1) * Jitter / 100.0 / Grain));
        if (retryAfter is not { } asked || asked <= wait) return wait;
        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }
}
