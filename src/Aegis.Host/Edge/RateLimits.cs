using System.Globalization;
using System.Threading.RateLimiting;
using Aegis.Kernel;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Refusals;

namespace Aegis.Host.Edge;

/// <summary>Requests per second: by key for authenticated calls, by address for the others.</summary>
/// <param name="PerKey">Sustained rate of one key; 100 unless told.</param>
/// <param name="Burst">What one key may send at once; 1,000 unless told.</param>
/// <param name="PerAddress">Sustained rate of one address without a key; 20 unless told.</param>
/// <param name="PerTicket">Sustained rate of content requests from one address; 1,000 unless told.</param>
internal sealed record RateLimitOptions(int PerKey = 100, int Burst = 1_000, int PerAddress = 20, int PerTicket = 1_000)
{
    public static RateLimitOptions From(IConfiguration configuration)
    {
        var options = new RateLimitOptions();
        options = new RateLimitOptions(
            configuration.GetValue("RateLimits:PerKey", options.PerKey),
            configuration.GetValue("RateLimits:Burst", options.Burst),
            configuration.GetValue("RateLimits:PerAddress", options.PerAddress),
            configuration.GetValue("RateLimits:PerTicket", options.PerTicket));
        return options is { PerKey: > 0, Burst: > 0, PerAddress: > 0, PerTicket: > 0 }
            ? options
            : throw new StartRefusedException("RateLimits:PerKey, Burst, PerAddress and PerTicket must be 1 or more.");
    }
}

/// <summary>Registers the limits on ASP.NET Core's rate limiter.</summary>
internal static class RateLimits
{
    private const string ContentPath = "/v1/content/";

    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateLimitOptions limits) =>
        services.AddRateLimiter(o =>
        {
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, limits));
            o.OnRejected = async (rejected, ct) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                var seconds = (int)Math.Ceiling(wait.TotalSeconds);
                Tell(rejected.HttpContext, limits, seconds);
                await Problem.Write(rejected.HttpContext, new RefusedException(
                    StatusCodes.Status429TooManyRequests, "rate_limited", $"Too many requests. Wait {seconds} s and repeat."));
            };
        });

    /// <summary>Retry-After, and the fields of draft-ietf-httpapi-ratelimit-headers-11; only here, since what is left would have to be counted for each answer.</summary>
    private static void Tell(HttpContext context, RateLimitOptions limits, int seconds)
    {
        var policy = PolicyOf(context, limits);
        var window = Math.Max(1, policy.Burst / policy.PerSecond); // in which an empty bucket fills
        var headers = context.Response.Headers;
        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={policy.Burst};w={window}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";r=0;t={seconds}");
    }

    private static RateLimitPartition<string> Partition(HttpContext context, RateLimitOptions limits)
    {
        if (context.Request.Path.StartsWithSegments("/livez") || context.Request.Path.StartsWithSegments("/readyz"))
            return RateLimitPartition.GetNoLimiter("health");
        var policy = PolicyOf(context, limits);
        return Bucket($"{policy.Name} {context.FindCaller()?.Subject ?? context.Connection.RemoteIpAddress?.ToString()}", policy);
    }

    private static Policy PolicyOf(HttpContext context, RateLimitOptions limits)
    {
        if (context.FindCaller() is not null) return new Policy("key", limits.PerKey, limits.Burst);
        return context.Request.Path.Value is { } path && path.StartsWith(ContentPath, StringComparison.Ordinal)
            ? new Policy("content", limits.PerTicket, limits.PerTicket) // not by ticket: guesses would be free
            : new Policy("address", limits.PerAddress, limits.PerAddress * 5);
    }

    private readonly record struct Policy(string Name, int PerSecond, int Burst);

    private static RateLimitPartition<string> Bucket(string name, Policy policy) =>
        RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = policy.Burst,
            TokensPerPeriod = policy.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        });
}
