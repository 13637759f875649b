namespace Aegis.Kernel.Web.Refusals;

/// <summary>Marks an endpoint for people in a browser: every refusal is a page with a sentence instead of problem+json.</summary>
/// <param name="Write">Writes the page.</param>
/// <param name="OrBearer">True if programs may call it too. A request with Authorization gets no page and needs no cookie.</param>
public sealed record RefusalPage(Func<HttpContext, RefusedException, Task> Write, bool OrBearer = false)
{
    public static RefusalPage? Of(HttpContext context)
    {
        var page = context.OriginalEndpoint()?.Metadata.GetMetadata<RefusalPage>();
        return page is { OrBearer: true } && context.Request.Headers.Authorization.Count > 0 ? null : page;
    }
}
