using System.Threading.RateLimiting;

namespace Aegis.Host.Edge;

/// <summary>
/// Counts unknown credentials per address, at the rate of callers without a key. Above the limit, credentials that this host does not have
/// in memory are refused without a lookup. Known callers at the same address are not affected by another one's guesses.
/// </summary>
internal sealed class LookupLimit(RateLimitOptions limits) : ILookupLimit, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> failures = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(
            ClientNetwork.Of(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.PerAddress * RateLimits.AddressBurstSeconds,
                // a token bucket would contain fractions and report that something is left
                Window = TimeSpan.FromSeconds(RateLimits.AddressBurstSeconds),
                AutoReplenishment = true,
            }));

    public RefusedException? Refusal(HttpContext context)
    {
        using var probe = failures.AttemptAcquire(context, 0); // checks for a permit without taking one
        if (probe.IsAcquired) return null;
        var wait = probe.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        return new RefusedException(StatusCodes.Status429TooManyRequests, "rate_limited",
            $"Too many credentials from this address were refused. Wait {seconds} s and try again.")
            .With(Problem.RetryAfter, seconds);
    }

    public void Failed(HttpContext context) => failures.AttemptAcquire(context).Dispose();

    public void Dispose() => failures.Dispose();
}
