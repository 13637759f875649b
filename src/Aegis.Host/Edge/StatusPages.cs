using Microsoft.AspNetCore.Diagnostics;

namespace Aegis.Host.Edge;

/// <summary>Writes bodies for refusals that routing makes without one.</summary>
internal static class StatusPages
{
    public static Task Write(StatusCodeContext status)
    {
        var context = status.HttpContext;
        if (ConnectProcedure.IsAddress(context.Request.Path)) return Task.CompletedTask; // the protocol requires empty bodies here
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                Problem.Write(context, 404, "route_not_found", "This address does not exist. See the API description at /swagger."),
            StatusCodes.Status405MethodNotAllowed =>
                Problem.Write(context, 405, "method_not_allowed", "This address does not support this method. See the Allow header."),
            StatusCodes.Status415UnsupportedMediaType =>
                Problem.Write(context, 415, "unsupported_media_type", "Send the body with the Content-Type 'application/json'."),
            _ => Task.CompletedTask,
        };
    }
}
