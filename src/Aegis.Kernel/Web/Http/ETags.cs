using Microsoft.Net.Http.Headers;

namespace Aegis.Kernel.Web.Http;

/// <summary>The revision of an object as its entity tag, and If-Match against it (RFC 9110 §13.1.1).</summary>
public static class ETags
{
    /// <summary>Sends the object's revision as ETag.</summary>
    public static void SetETag(this HttpResponse response, Entity entity) => response.Headers.ETag = Of(entity);

    /// <summary>
    /// Refuses with 412 when If-Match names another revision, or If-None-Match this one or any. Without either the last write wins.
    /// </summary>
    public static void RequireMatch(this HttpRequest request, Entity entity)
    {
        request.RequireNoneMatch(Of(entity));
        request.RequireMatch(Of(entity), "The object has changed since you read it. Read it again and repeat the change.");
    }

    /// <summary>The same for what may not be there yet: then any If-Match is refused, with <paramref name="adviceIfAbsent"/>.</summary>
    public static void RequireMatch(this HttpRequest request, Entity? entity, string adviceIfAbsent)
    {
        if (entity is not null) request.RequireMatch(entity);
        else if (request.Headers.IfMatch.Count > 0) throw Refuse.PreconditionFailed("revision_mismatch", adviceIfAbsent);
    }

    /// <summary>Refuses with 412 when If-Match names something else. Weak tags match nothing; <c>*</c> matches.</summary>
    /// <param name="request">The call.</param>
    /// <param name="present">The entity tag of what is there, in quotes.</param>
    /// <param name="advice">What to do when it does not match.</param>
    public static void RequireMatch(this HttpRequest request, string present, string advice)
    {
        if (!request.IsMatch(present)) throw Refuse.PreconditionFailed("revision_mismatch", advice);
    }

    /// <summary>False when If-Match names something else.</summary>
    /// <param name="request">The call.</param>
    /// <param name="present">The entity tag of what is there, in quotes.</param>
    /// <param name="isThere">False where <paramref name="present"/> means that nothing is there yet: <c>*</c> does not match then.</param>
    public static bool IsMatch(this HttpRequest request, string present, bool isThere = true)
    {
        if (request.Headers.IfMatch.Count == 0) return true;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags))
            throw Refuse.Invalid("if_match_invalid", "If-Match must hold the ETag of a GET answer, in quotes.");
        return tags.Any(t => t.Equals(EntityTagHeaderValue.Any)
            ? isThere
            : t.Compare(new EntityTagHeaderValue(present), useStrongComparison: true));
    }

    /// <summary>
    /// Refuses with 412 when If-None-Match names what is there: <c>*</c> sets a value only where there is none (RFC 9110 §13.1.2).
    /// </summary>
    /// <param name="request">The call.</param>
    /// <param name="present">The entity tag of what is there, in quotes.</param>
    public static void RequireNoneMatch(this HttpRequest request, string present)
    {
        if (request.Headers.IfNoneMatch.Count == 0) return;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
            throw Refuse.Invalid("if_match_invalid", "If-None-Match must hold '*' or the ETag of a GET answer, in quotes.");
        if (tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(new EntityTagHeaderValue(present), useStrongComparison: false)))
            throw Refuse.PreconditionFailed(
                "revision_mismatch", "If-None-Match asks that this is not there yet, and it is. Leave it out to change what is there.");
    }

    private static string Of(Entity entity) => $"\"{entity.Revision}\"";
}
