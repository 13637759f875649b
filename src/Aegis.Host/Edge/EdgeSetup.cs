using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;

namespace Aegis.Host.Edge;

/// <summary>Kestrel's limits, forwarded headers, logging and the exception handler.</summary>
internal static class EdgeSetup
{
    /// <summary>Bytes of a JSON body; uploads set their own limit.</summary>
    public const int BodyLimit = 1024 * 1024;

    private const int HeaderLimit = 32 * 1024;
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    // Strangers make these write an error with its stack for each call: of a broken cookie, and of a token that could not be checked (whose
    // reason is logged where the call fails).
    private static readonly string[] Talkative = ["Microsoft.AspNetCore.Antiforgery", "Microsoft.AspNetCore.Authentication.JwtBearer"];

    // One line for each call and one for each event.
    private static readonly string[] ToDevelopers = ["Aegis.Host.Edge.CallLog", "Aegis.Kernel.Events.HandOver"];

    // What these write below a warning holds paths, and so content tickets, or arguments, and so words about patients or of invitations, or
    // what stands in X-Forwarded-For instead of an address.
    private static readonly string[] Indiscreet =
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
        // In code, because a file of settings may be missing or ask for more.
        foreach (var category in Indiscreet) builder.Logging.AddFilter(category, LogLevel.Warning);
        foreach (var category in Talkative) builder.Logging.AddFilter(category, LogLevel.Critical);
        builder.Logging.QuietUntilStarted();
        foreach (var category in ToDevelopers.Where(_ => builder.Environment.IsDevelopment()))
            builder.Logging.AddFilter(category, LogLevel.Debug);
        if (options.IsProduction) builder.Logging.AddJsonConsole(o => o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        else builder.Logging.AddSimpleConsole(o => o.ColorBehavior = LoggerColorBehavior.Default);
    }

    /// <summary>
    /// Takes the client's address from trusted proxies. Only they leave the proxy's own in <c>X-Original-For</c>, whatever a client sends.
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
            else throw new StartRefusedException($"TrustedProxies: '{proxy}' is neither an address nor a network such as 10.0.0.0/8.");
        }
    }
}
