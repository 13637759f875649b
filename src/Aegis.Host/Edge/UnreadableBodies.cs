using Microsoft.Net.Http.Headers;

namespace Aegis.Host.Edge;

/// <summary>
/// Refuses bodies in UTF-7, which .NET knows and refuses with an exception wherever a form or a formatter asks for the encoding, and
/// bodies in a content coding such as gzip, which nothing unpacks. Procedures of the Connect protocol unpack what they take themselves.
/// </summary>
internal static class UnreadableBodies
{
    private const string Identity = "identity";

    public static void UseUnreadableBodyRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue && !IsKnown(type))
            throw Refuse.UnsupportedMediaType("unsupported_media_type", "Send the body in UTF-8.");
        if (!IsIdentity(request) && request.MayHaveContent() && !ConnectProcedure.IsAddress(request.Path))
        {
            context.Response.Headers.AcceptEncoding = Identity; // RFC 9110 §15.5.16; thrown on, the refusal would lose it
            return Problem.Write(context, Refuse.UnsupportedMediaType(
                "content_encoding_unsupported", "Send the body without a Content-Encoding. A zip archive makes a study smaller."));
        }

        return next(context);
    });

    private static bool IsIdentity(HttpRequest request) => request.Headers.ContentEncoding
        .SelectMany(codings => (codings ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .All(coding => coding.Equals(Identity, StringComparison.OrdinalIgnoreCase));

    private static bool IsKnown(MediaTypeHeaderValue type)
    {
        try
        {
            _ = type.Encoding; // null for a name that is none, which is the formatter's to refuse
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
