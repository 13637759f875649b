using Aegis.Kernel.Refusals;
using Microsoft.Net.Http.Headers;

namespace Aegis.Host.Edge;

/// <summary>Refuses bodies in UTF-7, which .NET knows and refuses with an exception wherever a form or a formatter asks for the encoding.</summary>
internal static class UnknownCharsets
{
    public static void UseUnknownCharsetRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue && !IsKnown(type))
            throw Refuse.UnsupportedMediaType("unsupported_media_type", "Send the body in UTF-8.");
        return next(context);
    });

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
