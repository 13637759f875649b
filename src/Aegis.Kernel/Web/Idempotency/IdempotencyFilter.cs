using System.Collections.Concurrent;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Kernel.Web.Idempotency;

/// <summary>The ids of calls with an Idempotency-Key that are running on this host.</summary>
internal sealed class CallsUnderWay
{
    private readonly ConcurrentDictionary<string, byte> ids = new(StringComparer.Ordinal);

    public bool TryBegin(string id) => ids.TryAdd(id, 0);

    public void End(string id) => ids.TryRemove(id, out _);
}

/// <summary>
/// Runs before the body is bound: finds the earlier call or registers this one. If another host runs a call with the same key, the row's
/// primary key stops the second save, and that host then answers from the stored row.
/// </summary>
internal sealed class IdempotencyFilter(IdempotentAttribute attribute, KernelDb db, CallsUnderWay underWay, TimeProvider clock)
    : IAsyncResourceFilter
{
    private const int MaxKeyLength = 255;

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers[IdempotentAttribute.Header] is not { Count: > 0 } given)
        {
            await next();
            return;
        }

        // Two keys are refused, not ignored, because the caller relies on a single effect.
        if (given is not [{ Length: > 0 } key] || key.Length > MaxKeyLength || key.Any(c => c is < ' ' or > '~'))
            throw Refuse.Invalid(
                "idempotency_key_invalid", $"Idempotency-Key must be one value of 1 to {MaxKeyLength} printable ASCII characters.");

        var call = await Identify(context, key);
        if (await Find(call, http.RequestAborted) is { } earlier)
        {
            context.Result = await Replay(context, call, earlier);
            return;
        }

        if (!underWay.TryBegin(call.Id))
            throw Refuse.Conflict("idempotency_in_progress", "A call with this Idempotency-Key is still running. Try again in a moment.");
        try
        {
            http.Features.Set(call);
            var executed = await next();
            // Another host may have been faster. Then this call failed because that host's row or object exists.
            if (executed.Exception is RefusedException or DbUpdateException && await Find(call, http.RequestAborted) is { } concurrent)
            {
                executed.ExceptionHandled = true;
                var answer = await Replay(context, call, concurrent);
                await answer.ExecuteResultAsync(context); // MVC does not execute a result that is set after the action
            }
        }
        finally
        {
            underWay.End(call.Id);
        }
    }

    /// <summary>
    /// Identifies the call by its route and the object in it, independent of how the URL was spelled. The query is part of the digest,
    /// because like the body it changes what the call does.
    /// </summary>
    private static async Task<IdempotentCall> Identify(ResourceExecutingContext context, string key)
    {
        var http = context.HttpContext;
        var caller = http.FindCaller();
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        http.Request.Body = body;
        var bodyDigest = Sha256(body.GetBuffer().AsSpan(0, (int)body.Length));
        var digest = http.Request.Query.Count == 0
            ? bodyDigest
            : Sha256(JsonSerializer.SerializeToUtf8Bytes<string?[]>([bodyDigest, .. Pairs(http.Request.Query)]));

        var action = context.ActionDescriptor;
        var values = context.RouteData.Values.Where(v => !action.RouteValues.ContainsKey(v.Key)).OrderBy(v => v.Key, StringComparer.Ordinal)
            .SelectMany(v => new[] { v.Key, v.Value?.ToString() });
        // Callers without a credential cannot be told apart, so the body digest separates their keys.
        string?[] name =
            [caller?.OrganizationId, caller?.Subject ?? bodyDigest, http.Request.Method, action.AttributeRouteInfo!.Template,
                .. values, key];
        var former =
            string.Join('\n', caller?.OrganizationId ?? "", caller?.Subject ?? bodyDigest, http.Request.Method, http.Request.Path, key);
        return new IdempotentCall(Sha256(JsonSerializer.SerializeToUtf8Bytes(name)), digest)
        {
            FormerId = Sha256(Encoding.UTF8.GetBytes(former)),
            FormerDigest = bodyDigest,
        };
    }

    private static IEnumerable<string?> Pairs(IQueryCollection query) =>
        query.Select(p => (Name: p.Key.ToLowerInvariant(), p.Value)).OrderBy(p => p.Name, StringComparer.Ordinal)
            .SelectMany(p => p.Value.SelectMany(value => new[] { p.Name, value }));

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Task<IdempotencyRow?> Find(IdempotentCall call, CancellationToken ct) => db.FindCall(call, clock.GetUtcNow(), ct);

    private async Task<IActionResult> Replay(ResourceExecutingContext context, IdempotentCall call, IdempotencyRow earlier)
    {
        if (!call.IsRepeatOf(earlier))
            throw Refuse.Unprocessable(
                "idempotency_key_reused", "This Idempotency-Key was used with another body or query. Use a new key for a new call.");
        var action = (ControllerActionDescriptor)context.ActionDescriptor;
        if (IdempotentAttribute.AnswerOf(action) is not { } method)
        {
            throw Refuse.Conflict("secret_already_shown",
                $"This call has already succeeded, and its secret is shown only once. The object is {earlier.ObjectId}.")
                .With("id", earlier.ObjectId);
        }

        context.HttpContext.SetAuditedObject(earlier.ObjectId);
        var controller = Controller(context, action);
        object[] arguments = [earlier.ObjectId, context.HttpContext.RequestAborted];
        var running = (Task)method.Invoke(controller, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        await running;
        var answer = running.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(running);
        context.HttpContext.Response.Headers["Idempotent-Replayed"] = "true";
        return new ObjectResult(answer) { StatusCode = attribute.Status };
    }

    private static object Controller(ActionContext context, ControllerActionDescriptor action)
    {
        var factory = (IControllerFactory)context.HttpContext.RequestServices.GetService(typeof(IControllerFactory))!;
        return factory.CreateController(new ControllerContext(new ActionContext(context) { ActionDescriptor = action }));
    }
}
