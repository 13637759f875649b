using Microsoft.Net.Http.Headers;

namespace Aegis.Host.Edge;

/// <summary>
/// Refuses bodies in UTF-7, for which .NET throws an exception when a form or formatter reads the encoding, and compressed bodies, which
/// nothing decompresses. Connect procedures decompress their own bodies.
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
            context.Response.Headers.AcceptEncoding = Identity; // RFC 9110 §15.5.16; an exception would lose this header
            return Problem.Write(context, Refuse.UnsupportedMediaType(
                "content_encoding_unsupported", "Send the body without a Content-Encoding. To make a study smaller, send a zip archive."));
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
            _ = type.Encoding; // null for an unknown name, which the formatter refuses
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
