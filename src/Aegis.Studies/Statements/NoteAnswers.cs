using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Aegis.Studies.Statements;

/// <summary>Notes as an answer of their own, byte for byte, so that they can be checked without taking JSON apart.</summary>
internal static class NoteAnswers
{
    /// <summary>True when the caller prefers plain text to JSON; whoever takes anything gets JSON.</summary>
    public static bool WantsNote(this HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(accepted, MediaTypeNames.Text.Plain) > Quality(accepted, MediaTypeNames.Application.Json);
    }

    public static ContentResult Note(string note) => new() { Content = note, ContentType = "text/plain; charset=utf-8" };

    private static double Quality(IEnumerable<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
}
