namespace Aegis.Host.Edge;

/// <summary>Headers that every answer carries.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app, bool isProduction) => app.Use((context, next) =>
    {
        // When the answer starts: an exception handler clears what was set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.XFrameOptions = "DENY";
            if (IsPrivate(context)) headers.CacheControl = "no-store"; // whatever the operation says: it may name patients
            if (isProduction && context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>True for answers to a credential, and for all of the API: the credential may be in the body or in the address.</summary>
    private static bool IsPrivate(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        || context.Request.Headers.Authorization.Count > 0
        || context.FindCaller() is not null;
}
