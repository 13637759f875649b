using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;

namespace Aegis.Host.Edge;

/// <summary>
/// Sets up Kestrel's limits, forwarded headers, logging and the exception handler.
/// The middleware of this folder runs in the order of Program.cs, from request id to authorization. <see cref="CallAudit"/> keeps each
/// response in <see cref="CallAuditAnswer"/> until its audit entry is durable; if the entry cannot be written, the caller gets 503. <see
/// cref="Failures"/> converts exceptions to refusals, and <see cref="StatusPages"/> adds bodies to bare statuses. <see cref="RateLimits"/>
/// limits calls per key and address. Refusals of callers without a credential are counted (<see cref="CallAuditRefusals"/>, <see
/// cref="StrangerCalls"/>) instead of logged one by one.
/// </summary>
internal static class EdgeSetup
{
    /// <summary>The longest JSON body in bytes. Uploads set their own limit.</summary>
    public const int BodyLimit = 1024 * 1024;

    private const int HeaderLimit = 32 * 1024;
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    // Callers without a credential can make these log an error with a stack trace per call, for a broken cookie or a token that could not
    // be checked. The reason of the latter is logged where the call fails.
    private static readonly string[] Noisy = ["Microsoft.AspNetCore.Antiforgery", "Microsoft.AspNetCore.Authentication.JwtBearer"];

    private static readonly string[] ShortRoots = ["/credentials", "/health", "/sync", "/audit/log", "/rotation"];

    // These log one line per call and per event.
    private static readonly string[] DevelopmentOnly = ["Aegis.Host.Edge.CallLog", "Aegis.Kernel.Events.HandOver"];

    // Below Warning these log paths, which may contain content tickets, arguments, which may contain patient data or invitations, or
    // invalid X-Forwarded-For values.
    private static readonly string[] Revealing =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing.Matching.DfaMatcher",
        "Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker",
        "Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageActionInvoker",
        "Microsoft.AspNetCore.HttpOverrides", "Microsoft.AspNetCore.Authentication", "Microsoft.AspNetCore.Authorization",
        "Aegis.Auth.Access.Bearer.KeyBearer",
    ];

    public static void ConfigureEdge(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = BodyLimit;
            k.Limits.MaxRequestHeadersTotalSize = HeaderLimit;
            k.Limits.RequestHeadersTimeout = HeaderTimeout;
        });
        var services = builder.Services;
        services.Configure<HostOptions>(o => o.ShutdownTimeout = DrainTimeout);
        services.AddExceptionHandler<Failures>();
        services.AddProblemDetails();
        services.Configure<ForwardedHeadersOptions>(o => TrustOnly(o, options.TrustedProxies));
        // In code, because a settings file may be missing or set a lower level.
        foreach (var category in Revealing) builder.Logging.AddFilter(category, LogLevel.Warning);
        foreach (var category in Noisy) builder.Logging.AddFilter(category, LogLevel.Critical);
        builder.Logging.QuietUntilStarted();
        foreach (var category in DevelopmentOnly.Where(_ => builder.Environment.IsDevelopment()))
            builder.Logging.AddFilter(category, LogLevel.Debug);
        if (options.IsProduction) builder.Logging.AddJsonConsole(o => o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        else builder.Logging.AddSimpleConsole(o => o.ColorBehavior = LoggerColorBehavior.Default);
    }

    /// <summary>
    /// Reads the client's address from trusted proxies. Removes <c>X-Original-For</c> first, so that only a trusted proxy's address can be
    /// in it.
    /// </summary>
    public static void UseTrustedForwarding(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            context.Request.Headers.Remove(ForwardedHeadersDefaults.XOriginalForHeaderName);
            return next(context);
        });
        app.UseForwardedHeaders();
    }

    /// <summary>Counts the refusals of callers without a valid credential, instead of logging each one.</summary>
    public static void UseStrangerCounts(this IApplicationBuilder app)
    {
        var strangers = app.ApplicationServices.GetRequiredService<StrangerCalls>();
        app.Use(async (context, next) =>
        {
            await next(context);
            var status = context.Response.StatusCode;
            if (status >= StatusCodes.Status400BadRequest && context.FindCaller() is null)
                strangers.Count(Problem.CodeOf(context) ?? status.ToString(CultureInfo.InvariantCulture));
        });
    }

    /// <summary>Serves the vault's paths without <c>/v1</c> too, because its first clients use these.</summary>
    public static void UseShortAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var path = context.Request.Path;
        if (Array.Exists(ShortRoots, root => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase)))
            context.Request.Path = new PathString("/v1").Add(path);
        return next(context);
    });

    /// <summary>
    /// In Production accepts plain HTTP only from the local machine, unless Http:AllowPlain says that a proxy terminates TLS.
    /// </summary>
    public static void UsePlainHttpRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var remote = context.Connection.RemoteIpAddress;
        if (!context.Request.IsHttps && remote is not null && !IPAddress.IsLoopback(remote))
            throw Refuse.Forbidden("https_required", "Use https. This installation does not accept plain HTTP from other machines.");
        return next(context);
    });

    private static void TrustOnly(ForwardedHeadersOptions forwarded, IReadOnlyList<string> proxies)
    {
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        forwarded.ForwardedHeaders = proxies.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        foreach (var proxy in proxies)
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network)) forwarded.KnownIPNetworks.Add(network);
            else if (IPAddress.TryParse(proxy, out var address)) forwarded.KnownProxies.Add(address);
            else throw new StartRefusedException($"TrustedProxies: '{proxy}' is not an address or a network, for example 10.0.0.0/8.");
        }
    }
}
