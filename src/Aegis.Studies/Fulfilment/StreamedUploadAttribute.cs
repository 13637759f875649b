using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Aegis.Studies.Fulfilment;

/// <summary>Lifts the server's limit of the body, and sets the one of its slowness.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StreamedUploadAttribute : Attribute, IResourceFilter
{
    // Slower than this is a stuck peer; a hospital's slow line is far above.
    private static readonly MinDataRate SlowestPeer = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(30));

    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        // UploadBody counts and names the limit; the server's own would only break the connection.
        var features = context.HttpContext.Features;
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = SlowestPeer;
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
