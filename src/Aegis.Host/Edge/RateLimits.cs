using System.Globalization;
using System.Threading.RateLimiting;

namespace Aegis.Host.Edge;

/// <summary>Request limits: per key for authenticated calls, per address for others.</summary>
/// <param name="PerKey">Sustained requests per second of one key; 100 by default.</param>
/// <param name="Burst">Requests that one key may send at once; 1,000 by default.</param>
/// <param name="PerAddress">Sustained requests per second of one address without a key; 20 by default.</param>
/// <param name="PerTicket">Sustained content requests per second of one address; 1,000 by default.</param>
/// <param name="ApplicationsPerHour">Applications for access from one address per hour; 10 by default.</param>
/// <param name="DeviceCodesPerMinute">Device codes for one address per minute; 30 by default.</param>
/// <param name="SignInsPerMinute">Attempts with passwords, codes and invitations from one address per minute; 20 by default.</param>
internal sealed record RateLimitOptions(
    int PerKey = 100, int Burst = 1_000, int PerAddress = 20, int PerTicket = 1_000, int ApplicationsPerHour = 10,
    int DeviceCodesPerMinute = 30, int SignInsPerMinute = 20)
{
    public static RateLimitOptions From(IConfiguration configuration)
    {
        var options = new RateLimitOptions();
        options = new RateLimitOptions(
            configuration.GetValue("RateLimits:PerKey", options.PerKey),
            configuration.GetValue("RateLimits:Burst", options.Burst),
            configuration.GetValue("RateLimits:PerAddress", options.PerAddress),
            configuration.GetValue("RateLimits:PerTicket", options.PerTicket),
            configuration.GetValue("RateLimits:ApplicationsPerHour", options.ApplicationsPerHour),
            configuration.GetValue("RateLimits:DeviceCodesPerMinute", options.DeviceCodesPerMinute),
            configuration.GetValue("RateLimits:SignInsPerMinute", options.SignInsPerMinute));
        return options is
        {
            PerKey: > 0, Burst: > 0, PerAddress: > 0, PerTicket: > 0, ApplicationsPerHour: > 0, DeviceCodesPerMinute: > 0,
            SignInsPerMinute: > 0
        }
            ? options
            : throw new StartRefusedException(
                "RateLimits:PerKey, Burst, PerAddress, PerTicket, ApplicationsPerHour, DeviceCodesPerMinute and SignInsPerMinute must be 1 "
                    + "or more.");
    }
}

/// <summary>Applies the limits with ASP.NET Core's rate limiter.</summary>
internal static class RateLimits
{
    private const string ContentPath = "/v1/content/";
    private const string ApplicationsPath = "/v1/applications";
    private static readonly string[] SignInPaths = ["/sign-in", "/invitation"];
    private const string DeviceCodesPath = "/realms/aegis-system/protocol/openid-connect/auth/device";

    /// <summary>The burst of one address, in seconds of its sustained rate.</summary>
    public const int AddressBurstSeconds = 5;

    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateLimitOptions limits) =>
        services.AddSingleton(limits).AddSingleton<ILookupLimit, LookupLimit>().AddRateLimiter(o =>
        {
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, limits));
            o.OnRejected = async (rejected, ct) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                var seconds = (int)Math.Ceiling(wait.TotalSeconds);
                SetHeaders(rejected.HttpContext, limits, seconds);
                await Problem.Write(rejected.HttpContext, new RefusedException(
                    StatusCodes.Status429TooManyRequests, "rate_limited", $"Too many requests. Wait {seconds} s and try again."));
            };
        });

    /// <summary>
    /// Sets Retry-After and the fields of draft-ietf-httpapi-ratelimit-headers-11. Only refusals get them; other responses would need a
    /// count of the remaining requests.
    /// </summary>
    private static void SetHeaders(HttpContext context, RateLimitOptions limits, int seconds)
    {
        var policy = PolicyOf(context, limits);
        var headers = context.Response.Headers;
        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Policy"] =
            string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={policy.Burst};w={policy.WindowSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";r=0;t={seconds}");
    }

    private static RateLimitPartition<string> Partition(HttpContext context, RateLimitOptions limits)
    {
        if (context.Request.Path.StartsWithSegments("/livez") || context.Request.Path.StartsWithSegments("/readyz"))
            return RateLimitPartition.GetNoLimiter("health");
        var policy = PolicyOf(context, limits);
        return RateLimitPartition.GetTokenBucketLimiter($"{policy.Name} {policy.Of}", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = policy.Burst,
            TokensPerPeriod = policy.Tokens,
            ReplenishmentPeriod = policy.Period,
            AutoReplenishment = true,
        });
    }

    private static Policy PolicyOf(HttpContext context, RateLimitOptions limits)
    {
        var address = context.Connection.RemoteIpAddress;
        // Checked before the caller, so that a signed-in user cannot try other people's passwords faster.
        if (HttpMethods.IsPost(context.Request.Method)
            && Array.Exists(SignInPaths, p => context.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)))
            return new Policy("sign-ins", ClientNetwork.Of(address), limits.SignInsPerMinute, Tokens: 1,
                TimeSpan.FromMinutes(1) / limits.SignInsPerMinute);
        if (context.FindCaller() is { } caller) return PerSecond("key", caller.Subject, limits.PerKey, limits.Burst);
        if (context.Request.Path.Value is { } path && path.StartsWith(ContentPath, StringComparison.Ordinal))
            // not by ticket: each guessed ticket would get its own limit
            return PerSecond("content", ClientNetwork.Of(address), limits.PerTicket, limits.PerTicket);
        if (HttpMethods.IsPost(context.Request.Method)
            && context.Request.Path.StartsWithSegments(ApplicationsPath, StringComparison.OrdinalIgnoreCase))
            return new Policy("applications", ClientNetwork.Of(address), limits.ApplicationsPerHour, Tokens: 1,
                TimeSpan.FromHours(1) / limits.ApplicationsPerHour);
        if (HttpMethods.IsPost(context.Request.Method)
            && context.Request.Path.StartsWithSegments(DeviceCodesPath, StringComparison.OrdinalIgnoreCase))
            return new Policy("device-codes", ClientNetwork.Of(address), limits.DeviceCodesPerMinute, Tokens: 1,
                TimeSpan.FromMinutes(1) / limits.DeviceCodesPerMinute);
        return PerSecond("address", ClientNetwork.Of(address), limits.PerAddress, limits.PerAddress * AddressBurstSeconds);
    }

    private static Policy PerSecond(string name, string of, int tokens, int burst) => new(name, of, burst, tokens, TimeSpan.FromSeconds(1));

    /// <summary>A token bucket.</summary>
    /// <param name="Name">The kind of calls.</param>
    /// <param name="Of">The key or address that it belongs to.</param>
    /// <param name="Burst">Its capacity.</param>
    /// <param name="Tokens">Tokens added per period.</param>
    /// <param name="Period">The period.</param>
    private readonly record struct Policy(string Name, string Of, int Burst, int Tokens, TimeSpan Period)
    {
        /// <summary>The seconds in which an empty bucket fills.</summary>
        public int WindowSeconds => Math.Max(1, (int)(Period.TotalSeconds * Burst / Tokens));
    }
}
