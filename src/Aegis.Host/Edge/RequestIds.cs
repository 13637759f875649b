using System.Text.RegularExpressions;

namespace Aegis.Host.Edge;

/// <summary>
/// Uses the caller's X-Request-Id if it is well-formed and not an API key, or else generates one, and returns it. It is written to logs and
/// audit entries.
/// </summary>
internal static partial class RequestIds
{
    private const string Header = "X-Request-Id";

    public static void UseRequestIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Headers[Header] is [{ } given] && WellFormed().IsMatch(given) && !KeyShape().IsMatch(given))
            context.TraceIdentifier = given;
        else context.TraceIdentifier = context.TraceIdentifier.Replace(":", "-", StringComparison.Ordinal);
        // Set when the response starts, because an exception handler clears earlier headers.
        context.Response.OnStarting(
            static state =>
            {
                var answered = (HttpContext)state;
                answered.Response.Headers[Header] = answered.TraceIdentifier;
                return Task.CompletedTask;
            },
            context);
        return next(context);
    });

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex WellFormed();

    [GeneratedRegex("aegis_(test_)?[0-9A-Za-z]{50}")]
    private static partial Regex KeyShape();
}
