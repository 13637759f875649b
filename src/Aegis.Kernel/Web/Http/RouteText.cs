using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Binds a route value unchanged. MVC turns white space into null, which operations with a name or id do not expect. Unchanged, it matches
/// no object and gives 404.
/// </summary>
internal sealed class RouteText : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var found = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (found != ValueProviderResult.None) bindingContext.Result = ModelBindingResult.Success(found.FirstValue);
        return Task.CompletedTask;
    }

    /// <summary>Uses this binder for every string from the route.</summary>
    internal sealed class Provider : IModelBinderProvider
    {
        public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
            context.Metadata.ModelType == typeof(string) && context.BindingInfo.BindingSource == BindingSource.Path
                ? new RouteText()
                : null;
    }
}
