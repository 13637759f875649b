using Microsoft.Net.Http.Headers;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Uses an object's revision as its ETag, and checks If-Match against it (RFC 9110 §13.1.1).
/// The other parts of this folder are independent helpers for HTTP. <see cref="HeadLikeGet"/>, <see cref="LocationByPublicUrl"/>, <see
/// cref="FormsForPagesOnly"/> and <see cref="RouteText"/> change defaults of MVC for all controllers. The attributes mark operations with
/// uploads, streams or no HEAD. <see cref="RequestContent"/>, <see cref="PlainText"/>, <see cref="OriginalRoute"/> and <see
/// cref="ClientNetwork"/> read the request. <see cref="StrangerCalls"/> counts refusals of callers without a credential.
/// </summary>
public static class ETags
{
    /// <summary>Sets the ETag header to the object's revision.</summary>
    public static void SetETag(this HttpResponse response, Entity entity) => response.Headers.ETag = Of(entity);

    /// <summary>
    /// Refuses with 412 when If-Match contains another revision, or If-None-Match contains this one or <c>*</c>. Without either header the
    /// last write wins.
    /// </summary>
    public static void RequireMatch(this HttpRequest request, Entity entity)
    {
        request.RequireNoneMatch(Of(entity));
        request.RequireMatch(Of(entity), "The object has changed since you read it. Read it again and repeat the change.");
    }

    /// <summary>
    /// The same for an object that may not exist yet. Then any If-Match is refused, with <paramref name="adviceIfAbsent"/>.
    /// </summary>
    public static void RequireMatch(this HttpRequest request, Entity? entity, string adviceIfAbsent)
    {
        if (entity is not null) request.RequireMatch(entity);
        else if (request.Headers.IfMatch.Count > 0) throw Refuse.PreconditionFailed("revision_mismatch", adviceIfAbsent);
    }

    /// <summary>Refuses with 412 when If-Match does not contain the present tag. Weak tags never match; <c>*</c> matches.</summary>
    /// <param name="request">The request.</param>
    /// <param name="present">The present entity tag, in quotes.</param>
    /// <param name="advice">What the caller should do when it does not match.</param>
    public static void RequireMatch(this HttpRequest request, string present, string advice)
    {
        if (!request.IsMatch(present)) throw Refuse.PreconditionFailed("revision_mismatch", advice);
    }

    /// <summary>False when If-Match does not contain the present tag.</summary>
    /// <param name="request">The request.</param>
    /// <param name="present">The present entity tag, in quotes.</param>
    /// <param name="isThere">False when <paramref name="present"/> means that nothing exists yet. Then <c>*</c> does not match.</param>
    public static bool IsMatch(this HttpRequest request, string present, bool isThere = true)
    {
        if (request.Headers.IfMatch.Count == 0) return true;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags))
            throw Refuse.Invalid("if_match_invalid", "If-Match must be the ETag of a GET response, in quotes.");
        return tags.Any(t => t.Equals(EntityTagHeaderValue.Any)
            ? isThere
            : t.Compare(new EntityTagHeaderValue(present), useStrongComparison: true));
    }

    /// <summary>
    /// Refuses with 412 when If-None-Match contains the present tag or <c>*</c>. With <c>*</c> a value is set only if there is none (RFC
    /// 9110 §13.1.2).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="present">The present entity tag, in quotes.</param>
    public static void RequireNoneMatch(this HttpRequest request, string present)
    {
        if (request.Headers.IfNoneMatch.Count == 0) return;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
            throw Refuse.Invalid("if_match_invalid", "If-None-Match must be '*' or the ETag of a GET response, in quotes.");
        if (tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(new EntityTagHeaderValue(present), useStrongComparison: false)))
            throw Refuse.PreconditionFailed(
                "revision_mismatch", "This already exists, and If-None-Match requires that it does not. Omit the header to change it.");
    }

    private static string Of(Entity entity) => $"\"{entity.Revision}\"";
}
