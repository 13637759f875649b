namespace Aegis.Kernel.Web.Refusals;

/// <summary>
/// Marks an endpoint that people look at: whatever refuses there, the answer is a page with a sentence and no problem+json.
/// </summary>
/// <param name="Write">Writes the page.</param>
/// <param name="OrBearer">Whether programs may use it too: a request with a bearer gets no page, and needs no cookie.</param>
public sealed record RefusalPage(Func<HttpContext, RefusedException, Task> Write, bool OrBearer = false)
{
    public static RefusalPage? Of(HttpContext context)
    {
        var page = context.OriginalEndpoint()?.Metadata.GetMetadata<RefusalPage>();
        return page is { OrBearer: true } && context.Request.Headers.Authorization.Count > 0 ? null : page;
    }
}
