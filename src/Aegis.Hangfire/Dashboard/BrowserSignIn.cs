using System.Net.Http.Headers;
using System.Text;
using Aegis.Kernel.Callers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Aegis.Hangfire.Dashboard;

/// <summary>
/// Lets a browser sign in to the dashboard, and only there. It cannot send a bearer token of itself, but HTTP Basic (RFC 7617): the
/// password is a token or a key, the name is not read. It goes on as a bearer, so that every rule for those holds.
/// </summary>
internal static class BrowserSignIn
{
    private const string Challenge = "Basic realm=\"Aegis jobs\", charset=\"UTF-8\"";

    public static void UseBrowserSignIn(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(HangfireModule.Path, StringComparison.OrdinalIgnoreCase)) return next(context);

        if (Password(context.Request) is { } password) context.Request.Headers.Authorization = $"Bearer {password}";
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status401Unauthorized && context.FindCaller() is null)
                context.Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge);
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static string? Password(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Parameter is not { } parameter) return null;
        if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var password = pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return password.All(IsTokenCharacter) ? password : null;
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
