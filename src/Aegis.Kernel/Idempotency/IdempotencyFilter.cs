using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Kernel.Idempotency;

/// <summary>Ids of the calls with an Idempotency-Key that this host works on right now.</summary>
internal sealed class CallsUnderWay
{
    private readonly ConcurrentDictionary<string, byte> ids = new(StringComparer.Ordinal);

    public bool TryBegin(string id) => ids.TryAdd(id, 0);

    public void End(string id) => ids.TryRemove(id, out _);
}

/// <summary>
/// Runs before the body is bound: finds the earlier call or registers this one. Another host with the same key is stopped by the row's
/// primary key when it saves, and then answers from the row.
/// </summary>
internal sealed class IdempotencyFilter(IdempotentAttribute attribute, KernelDb db, CallsUnderWay underWay, TimeProvider clock) : IAsyncResourceFilter
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

        // Two keys are not ignored: their caller counts on the effect of once.
        if (given is not [{ Length: > 0 } key] || key.Length > MaxKeyLength || key.Any(c => c is < ' ' or > '~'))
            throw Refuse.Invalid("idempotency_key_invalid", $"Idempotency-Key must be 1 to {MaxKeyLength} printable ASCII characters.");

        var call = await Identify(http, key);
        if (await Find(call, http.RequestAborted) is { } earlier)
        {
            context.Result = await AnswerAgain(context, call, earlier);
            return;
        }

        if (!underWay.TryBegin(call.Id))
            throw Refuse.Conflict("idempotency_in_progress", "A call with this Idempotency-Key is still running. Repeat in a moment.");
        try
        {
            http.Features.Set(call);
            var executed = await next();
            if (executed.Exception is DbUpdateException failed && failed.IsUniqueViolation() && call.Recorded
                && await Find(call, http.RequestAborted) is { } meanwhile)
            {
                executed.ExceptionHandled = true;
                var answer = await AnswerAgain(context, call, meanwhile);
                await answer.ExecuteResultAsync(context); // MVC runs no result that is set after the action
            }
        }
        finally
        {
            underWay.End(call.Id);
        }
    }

    private static async Task<IdempotentCall> Identify(HttpContext http, string key)
    {
        var caller = http.FindCaller();
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        http.Request.Body = body;
        var digest = Sha256(body.GetBuffer().AsSpan(0, (int)body.Length));
        // Strangers have no name by which to tell their keys apart, so their bodies do.
        var name = string.Join('\n', caller?.OrganizationId ?? "", caller?.Subject ?? digest, http.Request.Method, http.Request.Path, key);
        return new IdempotentCall(Sha256(Encoding.UTF8.GetBytes(name)), digest);
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Task<IdempotencyRow?> Find(IdempotentCall call, CancellationToken ct) => db.FindCall(call.Id, clock.GetUtcNow(), ct);

    private async Task<IActionResult> AnswerAgain(ResourceExecutingContext context, IdempotentCall call, IdempotencyRow earlier)
    {
        if (earlier.BodyDigest != call.BodyDigest)
            throw Refuse.Unprocessable("idempotency_key_reused", "This Idempotency-Key was used with another body. Use a new key for a new call.");
        if (attribute.Answer is null)
        {
            throw Refuse.Conflict("secret_already_shown", $"This call succeeded and its secret was shown once. The object is {earlier.ObjectId}.")
                .With("id", earlier.ObjectId);
        }

        context.HttpContext.SetAuditedObject(earlier.ObjectId);
        var action = (ControllerActionDescriptor)context.ActionDescriptor;
        var controller = Controller(context, action);
        var method = action.ControllerTypeInfo.GetMethod(attribute.Answer)
            ?? throw new InvalidOperationException($"{action.ControllerName} has no action {attribute.Answer}.");
        var running = (Task)method.Invoke(controller, [earlier.ObjectId, context.HttpContext.RequestAborted])!;
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
