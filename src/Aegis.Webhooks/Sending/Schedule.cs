using System.Security.Cryptography;

namespace Aegis.Webhooks.Sending;

/// <summary>When a delivery is tried again.</summary>
internal static class Schedule
{
    private const int Jitter = 10; // percent, both ways: what failed together does not come back together
    private const int Grain = 1000;

    /// <summary>Waits after the first attempt, the second, ….</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The longest that a receiver can ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>The wait after an attempt failed; null when it was the last one.</summary>
    /// <param name="step">Attempts before it.</param>
    /// <param name="retryAfter">What the receiver asked for: it is not called earlier.</param>
    public static TimeSpan? After(int step, TimeSpan? retryAfter)
    {
        if (step >= Waits.Count) return null;
        var wait = Waits[step] * (1 + (RandomNumberGenerator.GetInt32(-Grain, Grain + 1) * Jitter / 100.0 / Grain));
        if (retryAfter is not { } asked || asked <= wait) return wait;
        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }
}
