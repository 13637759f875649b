using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Http;

/// <summary>Where a call was routed to. The exception handler takes that off the context and keeps it in its feature.</summary>
public static class OriginalRoute
{
    /// <summary>The endpoint of the call, or null when it took no route.</summary>
    public static Endpoint? OriginalEndpoint(this HttpContext context) =>
        context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;

    /// <summary>The values of its route.</summary>
    public static RouteValueDictionary OriginalRouteValues(this HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.RouteValues ?? context.Request.RouteValues;
}
