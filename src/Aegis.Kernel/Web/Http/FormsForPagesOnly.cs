using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Stops MVC from reading values from forms. Operations take JSON or read the body as a stream. MVC would first read the whole form, write
/// it to a temporary file, and fail on keys that jQuery never sends (<c>a[=1</c>). Pages still accept plain forms.
/// </summary>
internal sealed class FormsForPagesOnly : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var sources = context.ValueProviderFactories;
        sources.RemoveType<JQueryFormValueProviderFactory>();
        if (context.ActionDescriptor is not ControllerActionDescriptor) return;
        sources.RemoveType<FormValueProviderFactory>();
        sources.RemoveType<FormFileValueProviderFactory>();
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
