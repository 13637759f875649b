using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Routing;

namespace Aegis.Kernel.Web.Http;

/// <summary>Builds <c>Location</c> from the public URL. MVC would use the Host header, which the client controls.</summary>
internal sealed class LocationByPublicUrl : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is not CreatedAtActionResult created) return;
        var services = context.HttpContext.RequestServices;
        var path = services.GetRequiredService<IUrlHelperFactory>().GetUrlHelper(context)
            .Action(created.ActionName, created.ControllerName, created.RouteValues)
            ?? throw new InvalidOperationException($"No route leads to {created.ActionName}.");
        context.Result = new CreatedResult(services.GetRequiredService<IPublicUrl>().Value + path, created.Value);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
