namespace Aegis.Kernel.Work;

/// <summary>How long to wait before the next attempt: longer after each failure, up to a limit.</summary>
/// <param name="First">After the first failure.</param>
/// <param name="Factor">What each further failure multiplies it by.</param>
/// <param name="Max">The longest wait.</param>
public sealed record Backoff(TimeSpan First, double Factor, TimeSpan Max)
{
    private const double Spread = 0.2; // to both sides

    /// <param name="failures">How many there were, 1 or more.</param>
    public TimeSpan After(int failures)
    {
        var seconds = First.TotalSeconds * Math.Pow(Factor, Math.Max(failures, 1) - 1);
        return seconds < Max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Max;
    }

    /// <summary>The same, spread by a fifth to both sides, so that what failed together is not repeated together.</summary>
    /// <param name="failures">How many there were, 1 or more.</param>
    /// <param name="jitter">0 to 1, drawn by the caller.</param>
    public TimeSpan After(int failures, double jitter) => After(failures) * (1 - Spread + 2 * Spread * jitter);
}
