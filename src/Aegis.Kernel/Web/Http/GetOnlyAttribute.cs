using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Marks an operation or page that answers HEAD with 405: its GET counts a use or consumes something, or its address or header holds a
/// one-time word whose existence nobody needs to probe.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class GetOnlyAttribute : Attribute;

/// <summary>
/// Lets every other GET operation answer HEAD too (RFC 9110 §9.3.2): the same action runs, with its checks and headers, and the server
/// leaves the body out. Only the endpoint learns the second method, not the action, so the API description keeps one operation.
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
