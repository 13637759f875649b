using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Keeps MVC from looking for values in forms. Operations take JSON or read their body as a stream; for them MVC would read the whole form
/// first, spill it to a temporary file, and fail on keys that jQuery would never send (<c>a[=1</c>). Pages keep plain forms.
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
