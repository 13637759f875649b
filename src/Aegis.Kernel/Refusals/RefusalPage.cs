using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Aegis.Kernel.Refusals;

/// <summary>Marks an endpoint that people look at: whatever refuses there, the answer is a page with a sentence and no problem+json.</summary>
/// <param name="Write">Writes the page.</param>
public sealed record RefusalPage(Func<HttpContext, RefusedException, Task> Write)
{
    public static RefusalPage? Of(HttpContext context)
    {
        // The exception handler takes the endpoint off the context and keeps it in its feature.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return endpoint?.Metadata.GetMetadata<RefusalPage>();
    }
}
