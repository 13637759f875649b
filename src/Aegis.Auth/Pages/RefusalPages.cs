using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;

namespace Aegis.Auth.Pages;

/// <summary>
/// Answers a refused call of a page with another page instead of problem+json, or redirects to the sign-in. It uses no Razor and no
/// database, which could fail too.
/// </summary>
internal static class RefusalPages
{
    /// <summary>Allows no content from other sites, no inline content, and no frames.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";

    public static void SetHeaders(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.CacheControl = "no-cache, no-store"; // the value of antiforgery, which logs a warning when it finds another one
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["X-Robots-Tag"] = "noindex";
    }

    public static Task Write(HttpContext context, RefusedException refused)
    {
        var response = context.Response;
        response.Headers.Remove(HeaderNames.WWWAuthenticate);
        SetHeaders(response);
        if (refused.Status == StatusCodes.Status401Unauthorized && !StepUp.Asks(refused.Code))
        {
            response.Redirect($"/sign-in?returnUrl={Uri.EscapeDataString(ReturnTo(context.Request))}");
            return Task.CompletedTask;
        }

        response.StatusCode = refused.Status;
        response.ContentType = "text/html; charset=utf-8";
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(Page(refused, Problem.TraceIdOf(context))), context.RequestAborted).AsTask();
    }

    /// <summary>The page itself. The values of a form that was sent are lost.</summary>
    private static string ReturnTo(HttpRequest request) =>
        $"{request.Path}{(HttpMethods.IsGet(request.Method) ? request.QueryString : "")}";

    private static string Page(RefusedException refused, string traceId) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Title(refused)} · Aegis</title>
        <link rel="stylesheet" href="{Asset.Style.Url}">
        </head>
        <body>
        <main>
        {PlainPage.Brand}
        <h1>{Title(refused)}</h1>
        <p>{HtmlEncoder.Default.Encode(refused.Message)}</p>
        <p><a href="/settings">Go to your account</a></p>
        <p class="soft small">For support: <code>{refused.Code}</code>, trace <code>{HtmlEncoder.Default.Encode(traceId)}</code></p>
        </main>
        </body>
        </html>
        """;

    private static string Title(RefusedException refused) => refused.Status switch
    {
        StatusCodes.Status403Forbidden => "You may not do this",
        StatusCodes.Status404NotFound => "This does not exist",
        StatusCodes.Status409Conflict => "This cannot be done now",
        StatusCodes.Status410Gone => "This no longer works",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        >= StatusCodes.Status500InternalServerError => "Aegis could not do this",
        _ => "This did not work",
    };
}
