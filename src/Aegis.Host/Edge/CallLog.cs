namespace Aegis.Host.Edge;

/// <summary>
/// Logs one line per call, for developers. Not in Production, where callers without a credential must not be able to fill the log. Only
/// route templates are logged, because paths can contain names and tickets.
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

    /// <summary>The route template of a call.</summary>
    public static string RouteTemplate(this HttpContext context) =>
        (context.OriginalEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } template ? $"/{template.TrimStart('/')}" : "(no route)";
}
