namespace Aegis.Host.Edge;

/// <summary>
/// Writes one line for each call, for those who develop against this host. In Production a stranger must not be able to fill the log. Paths
/// can hold names and tickets: only route templates are written.
/// </summary>
internal static class CallLog
{
    public static void UseCallLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(CallLog));
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            var start = clock.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                var milliseconds = (long)clock.GetElapsedTime(start).TotalMilliseconds;
                Log.Called(log, context.Request.Method, context.RouteTemplate(), context.Response.StatusCode, milliseconds,
                    context.TraceIdentifier);
            }
        });
    }

    /// <summary>The template of the route that a call took.</summary>
    public static string RouteTemplate(this HttpContext context) =>
        (context.OriginalEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } template ? $"/{template.TrimStart('/')}" : "(no route)";
}
