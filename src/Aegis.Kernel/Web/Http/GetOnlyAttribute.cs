using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Marks an operation or page that answers HEAD with 405, because its GET counts a use or consumes something, or because its URL or a
/// header contains a one-time token and HEAD would help to probe for it.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class GetOnlyAttribute : Attribute;

/// <summary>
/// Lets every other GET operation answer HEAD too (RFC 9110 §9.3.2). The same action runs, with its checks and headers, and the server
/// omits the body. Only the endpoint gets the second method, not the action, so the API description has one operation.
/// </summary>
internal sealed class HeadLikeGet : IApplicationModelConvention
{
    private static readonly string[] Both = [HttpMethods.Get, HttpMethods.Head];

    public void Apply(ApplicationModel application)
    {
        foreach (var action in application.Controllers.SelectMany(c => c.Actions))
        {
            if (action.Attributes.OfType<GetOnlyAttribute>().Any() || action.Selectors.Any(HasHead)) continue;
            foreach (var selector in action.Selectors)
            {
                if (Methods(selector) is not { HttpMethods: [var only] } methods || !HttpMethods.IsGet(only)) continue;
                selector.EndpointMetadata.Remove(methods);
                selector.EndpointMetadata.Add(new HttpMethodMetadata(Both));
            }
        }
    }

    private static bool HasHead(SelectorModel selector) => Methods(selector)?.HttpMethods.Contains(HttpMethods.Head) is true;

    private static HttpMethodMetadata? Methods(SelectorModel selector) =>
        selector.EndpointMetadata.OfType<HttpMethodMetadata>().FirstOrDefault();
}
