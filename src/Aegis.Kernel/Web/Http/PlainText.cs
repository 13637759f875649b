using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Aegis.Kernel.Web.Http;

/// <summary>Answers with plain text instead of JSON when the caller asks for it, so that a shell needs no JSON parser.</summary>
public static class PlainText
{
    public const string ContentType = "text/plain; charset=utf-8";

    /// <summary>True when the caller prefers plain text to JSON. <c>*/*</c> means JSON.</summary>
    public static bool PrefersText(this HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(accepted, MediaTypeNames.Text.Plain) > Quality(accepted, MediaTypeNames.Application.Json);
    }

    public static ContentResult Of(string text) => new() { Content = text, ContentType = ContentType };

    private static double Quality(IEnumerable<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1)
            .DefaultIfEmpty(0).Max();
}
