namespace Aegis.Host.Edge;

/// <summary>Sets the security headers of every response.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app, bool isProduction) => app.Use((context, next) =>
    {
        // Set when the response starts, because an exception handler clears earlier headers.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XFrameOptions = "DENY";
            // even if the operation sets another value: the response may contain patient names
            if (IsPrivate(context)) headers.CacheControl = "no-store";
            if (isProduction && context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>True for responses to a credential, and for the whole API: the credential may be in the body or in the URL.</summary>
    private static bool IsPrivate(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        || context.Request.Headers.Authorization.Count > 0
        || context.FindCaller() is not null;
}
