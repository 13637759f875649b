using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Binds a part of the address as it is. MVC makes null of one that holds only white space, which an operation that asks for a name or id
/// does not expect; as it is, it names nothing and is answered with 404.
/// </summary>
internal sealed class RouteText : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var found = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (found != ValueProviderResult.None) bindingContext.Result = ModelBindingResult.Success(found.FirstValue);
        return Task.CompletedTask;
    }

    /// <summary>Chooses it for every string that comes from the route.</summary>
    internal sealed class Provider : IModelBinderProvider
    {
        public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
            context.Metadata.ModelType == typeof(string) && context.BindingInfo.BindingSource == BindingSource.Path
                ? new RouteText()
                : null;
    }
}
