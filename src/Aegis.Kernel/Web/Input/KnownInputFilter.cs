using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Primitives;

namespace Aegis.Kernel.Web.Input;

/// <summary>
/// Refuses members and parameters that the operation does not know, before the body is bound and after an earlier answer for the
/// Idempotency-Key. Of the parts of this folder, <see cref="Operations"/> says what an operation takes, <see cref="BodyMembers"/> walks the
/// body, <see cref="UnknownInput"/> words the refusal, and <see cref="ShownMembers"/> compares what GET answers and a change cannot set; it
/// also gives a merge patch (RFC 7396) the objects that it is merged into.
/// </summary>
internal sealed class KnownInputFilter(Operations operations, BodyMembers members, ShownMembers shown) : IAsyncResourceFilter
{
    /// <summary>Behind the filters of the actions, which have none.</summary>
    public const int After = 100;

    private const string Cursor = "cursor";
    private const string MergeType = "application/merge-patch+json";

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        if (operations.Find(context.ActionDescriptor) is { } operation) await Check(context, operation);
        await next();
    }

    private async Task Check(ResourceExecutingContext context, Operation operation)
    {
        var request = context.HttpContext.Request;
        var unknown = new UnknownInput();
        var position = 0;
        foreach (var (name, values) in request.Query)
        {
            position++;
            if (!operation.Query.Contains(name)) unknown.AddParameter(name, position, operation.Query);
            else RequireOne(operation, name, values);
        }

        if (operation.ReadsOwnBody || !HasJson(request, out var isMergePatch))
        {
            unknown.Require();
            if (operation is { ReadsOwnBody: false, Body: null }) await RequireNoContent(request);
            return;
        }

        using var body = await Read(request);
        if (body is null)
        {
            unknown.Require();
            if (operation.Body is null && await request.HasContent()) throw Validation.Invalid.Field("", Validation.InvalidBody.NotABody);
            return; // binding says what is wrong with it
        }

        if (operation.Body is null && body.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            throw Validation.Invalid.Field("", Validation.InvalidBody.NotABody);

        var back = shown.SentBack(operation, body.RootElement, members);
        members.Check(body.RootElement, operation.Body ?? typeof(NoMembers), "", unknown, name => back.Contains(name));
        unknown.Require();
        if (back.Count > 0) await shown.Require(context, operation, body.RootElement, back);
        if (isMergePatch) await Merge(context, operation, body.RootElement);
    }

    /// <summary>What is not read is not dropped: <c>dryRun=true</c> in a form, where the operation takes it from the query.</summary>
    private static async Task RequireNoContent(HttpRequest request)
    {
        if (await request.HasContent())
            throw Refuse.UnsupportedMediaType("unsupported_media_type", "This operation reads no body. Send it without one.");
    }

    /// <summary>
    /// Of a parameter that is given twice binding takes the first, and one without a value counts as absent: <c>?dryRun</c> would change
    /// what was only to be looked at, and <c>?status=$STATUS</c> would list everything. An empty cursor is the first page: loops begin so.
    /// </summary>
    private static void RequireOne(Operation operation, string name, StringValues values)
    {
        if (values.Count > 1 && !operation.Lists.Contains(name))
            throw Validation.Invalid.Field(
                operation.Query.First(q => q.Equals(name, StringComparison.OrdinalIgnoreCase)), "Send this parameter once.");
        if (!values.Any(string.IsNullOrWhiteSpace) || (values is [""] && name.Equals(Cursor, StringComparison.OrdinalIgnoreCase))) return;
        throw Validation.Invalid.Field(
            operation.Query.First(q => q.Equals(name, StringComparison.OrdinalIgnoreCase)),
            operation.Flags.Contains(name)
                ? "This parameter must be true or false."
                : "This parameter is empty. Give it a value, or leave it out.");
    }

    private static bool HasJson(HttpRequest request, out bool isMergePatch)
    {
        isMergePatch = false;
        if (!request.MayHaveContent()) return false;
        if (request.GetTypedHeaders().ContentType is not { } type) return false;
        if (!type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        isMergePatch = HttpMethods.IsPatch(request.Method) && type.MediaType.Equals(MergeType, StringComparison.OrdinalIgnoreCase);
        if (isMergePatch) return true;

        // The serializer takes whatever ends in +json for JSON, and would read a JSON Patch or a merge patch as something else.
        var taken = HttpMethods.IsPatch(request.Method) ? $"application/json or {MergeType}" : "application/json";
        throw Refuse.UnsupportedMediaType("unsupported_media_type", $"Send the body as {taken}.");
    }

    /// <summary>Reads the body and leaves it to be read once more; null when it is no JSON.</summary>
    private static async Task<JsonDocument?> Read(HttpRequest request)
    {
        var ct = request.HttpContext.RequestAborted;
        if (!request.Body.CanSeek)
        {
            var copy = new MemoryStream();
            await request.Body.CopyToAsync(copy, ct);
            request.Body = copy;
        }

        request.Body.Position = 0;
        try
        {
            var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: ct);
            RequireReadableNames(body.RootElement);
            return body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    /// <summary>Names may hold half a surrogate pair, which throws when it is read.</summary>
    private static void RequireReadableNames(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) RequireReadableNames(item);
        }
        else if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                _ = member.Name;
                RequireReadableNames(member.Value);
            }
        }
    }

    private async Task Merge(ResourceExecutingContext context, Operation operation, JsonElement patch)
    {
        if (patch.ValueKind is not JsonValueKind.Object) return;
        var merged = await shown.Merge(context, operation, patch, members);
        context.HttpContext.Request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(merged));
        context.HttpContext.Request.ContentType = "application/json";
    }

    private sealed record NoMembers;
}
