using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Aegis.Studies.Fulfilment;

/// <summary>Removes the server's limit on the body size and sets a minimum data rate.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StreamedUploadAttribute : Attribute, IResourceFilter
{
    // A slower peer is stuck. Even a hospital's slow line is far above this rate.
    private static readonly MinDataRate SlowestPeer = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(30));

    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        // UploadBody counts the bytes and refuses with the limit. The server's limit would only break the connection.
        var features = context.HttpContext.Features;
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = SlowestPeer;
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
