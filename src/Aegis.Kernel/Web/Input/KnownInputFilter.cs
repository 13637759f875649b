using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Primitives;

namespace Aegis.Kernel.Web.Input;

/// <summary>
/// Refuses members and parameters that the operation does not know. It runs before the body is bound and after the Idempotency-Key filter.
/// <see cref="Operations"/> knows the input of each operation. <see cref="BodyMembers"/> checks the body, <see cref="UnknownInput"/> writes
/// the refusal, and <see cref="Names"/> suggests the nearest known name. <see cref="ShownMembers"/> checks members that GET returns and a
/// change cannot set. It also gives a merge patch (RFC 7396) the present objects. Wrong input is refused with 400 or 415; for a missing
/// object <see cref="ShownMembers"/> gives the 404 of its GET.
/// </summary>
internal sealed class KnownInputFilter(Operations operations, BodyMembers members, ShownMembers shown) : IAsyncResourceFilter
{
    /// <summary>After the filters of the actions, which have no order.</summary>
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
            return; // model binding reports the error
        }

        if (operation.Body is null && body.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            throw Validation.Invalid.Field("", Validation.InvalidBody.NotABody);

        var sentBack = shown.SentBack(operation, body.RootElement, members);
        members.Check(body.RootElement, operation.Body ?? typeof(NoMembers), "", unknown, name => sentBack.Contains(name));
        unknown.Require();
        if (sentBack.Count > 0) await shown.Require(context, operation, body.RootElement, sentBack);
        if (isMergePatch) await Merge(context, operation, body.RootElement);
    }

    /// <summary>
    /// Refuses a body that would not be read. Otherwise <c>dryRun=true</c> in a form would be dropped, because the operation reads it from
    /// the query.
    /// </summary>
    private static async Task RequireNoContent(HttpRequest request)
    {
        if (await request.HasContent())
            throw Refuse.UnsupportedMediaType("unsupported_media_type", "This operation has no body. Send the request without one.");
    }

    /// <summary>
    /// Refuses repeated and empty parameters. Binding takes the first of two values and ignores an empty one: <c>?dryRun</c> would make the
    /// change, and <c>?status=$STATUS</c> would list everything. An empty cursor means the first page, because loops start with it.
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

        // The serializer accepts every type that ends in +json, and would misread a JSON Patch or a merge patch.
        var accepted = HttpMethods.IsPatch(request.Method) ? $"application/json or {MergeType}" : "application/json";
        throw Refuse.UnsupportedMediaType("unsupported_media_type", $"Send the body as {accepted}.");
    }

    /// <summary>Reads the body so that it can be read again; null when it is not JSON.</summary>
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

    /// <summary>Reads every name, because a name with an unpaired surrogate throws when it is read.</summary>
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
