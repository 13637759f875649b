using System.Threading.RateLimiting;

namespace Aegis.Host.Edge;

/// <summary>
/// Counts credentials that were nobody's by address, at the rate of callers without a key. Once an address has used it up, what this host
/// does not remember is refused unseen; callers that it remembers are not held up by a neighbour who guesses.
/// </summary>
internal sealed class LookupLimit(RateLimitOptions limits) : ILookupLimit, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> failures = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(
            ClientNetwork.Of(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.PerAddress * RateLimits.AddressBurstSeconds,
                // a bucket would hold fractions, and say that there is something left
                Window = TimeSpan.FromSeconds(RateLimits.AddressBurstSeconds),
                AutoReplenishment = true,
            }));

    public RefusedException? Refusal(HttpContext context)
    {
        using var asked = failures.AttemptAcquire(context, 0); // tells whether there is one, and takes none
        if (asked.IsAcquired) return null;
        var wait = asked.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        return new RefusedException(StatusCodes.Status429TooManyRequests, "rate_limited",
            $"Too many credentials of this address were refused. Wait {seconds} s and repeat.")
            .With(Problem.RetryAfter, seconds);
    }

    public void Failed(HttpContext context) => failures.AttemptAcquire(context).Dispose();

    public void Dispose() => failures.Dispose();
}
