namespace Aegis.Kernel.Work;

/// <summary>The wait before the next attempt. It grows after each failure, up to a limit.</summary>
/// <param name="First">The wait after the first failure.</param>
/// <param name="Factor">The factor for each further failure.</param>
/// <param name="Max">The longest wait.</param>
public sealed record Backoff(TimeSpan First, double Factor, TimeSpan Max)
{
    private const double Spread = 0.2; // in both directions

    /// <param name="failures">The number of failures, 1 or more.</param>
    public TimeSpan After(int failures)
    {
        var seconds = First.TotalSeconds * Math.Pow(Factor, Math.Max(failures, 1) - 1);
        return seconds < Max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Max;
    }

    /// <summary>The same with jitter of ±20 %, so that items that failed together are not retried together.</summary>
    /// <param name="failures">The number of failures, 1 or more.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public TimeSpan After(int failures, double jitter) => After(failures) * (1 - Spread + 2 * Spread * jitter);
}
