using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Http;

/// <summary>The route of a call. The exception handler removes it from the context and keeps it in its feature.</summary>
public static class OriginalRoute
{
    /// <summary>The endpoint of the call, or null when no route matched.</summary>
    public static Endpoint? OriginalEndpoint(this HttpContext context) =>
        context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;

    /// <summary>The route values of the call.</summary>
    public static RouteValueDictionary OriginalRouteValues(this HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.RouteValues ?? context.Request.RouteValues;
}
