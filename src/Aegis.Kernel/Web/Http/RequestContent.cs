using Microsoft.AspNetCore.Http.Features;

namespace Aegis.Kernel.Web.Http;

/// <summary>Checks whether a request has a body.</summary>
public static class RequestContent
{
    /// <summary>True unless the headers exclude a body.</summary>
    public static bool MayHaveContent(this HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not false;

    /// <summary>True when the body has at least one byte. A body without a length is peeked at and can still be read.</summary>
    public static async ValueTask<bool> HasContent(this HttpRequest request)
    {
        if (!request.MayHaveContent()) return false;
        if (request.ContentLength is { } length) return length > 0;
        if (request.Body.CanSeek) return request.Body.Length > 0; // a filter has read it
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            if (!read.Buffer.IsEmpty) return true;
            if (read.IsCompleted) return false;
        }
    }
}
