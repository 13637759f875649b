using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;

namespace Aegis.Auth.Pages;

/// <summary>
/// What a page answers instead of problem+json: another page with a sentence, or the way to sign in. It needs nothing that could fail too.
/// </summary>
internal static class RefusalPages
{
    /// <summary>Nothing foreign, nothing inline, in nobody's frame.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";

    public static void SetHeaders(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.CacheControl = "no-cache, no-store"; // as antiforgery sets it, which warns when it finds another value
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

    /// <summary>What was sent with a form is lost: its page is shown anew.</summary>
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
        <p class="soft small">For whoever helps you: <code>{refused.Code}</code>, trace <code>{HtmlEncoder.Default.Encode(traceId)}</code></p>
        </main>
        </body>
        </html>
        """;

    private static string Title(RefusedException refused) => refused.Status switch
    {
        StatusCodes.Status403Forbidden => "You may not do this",
        StatusCodes.Status404NotFound => "There is nothing here",
        StatusCodes.Status409Conflict => "This cannot be done now",
        StatusCodes.Status410Gone => "This is over",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        >= StatusCodes.Status500InternalServerError => "Aegis could not do this",
        _ => "This did not work",
    };
}
