using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Host.Edge;

/// <summary>Converts every exception to problem+json. A refusal keeps its code; everything else is 500 without details.</summary>
internal sealed class Failures(ILogger<Failures> log, StrangerCalls strangers) : IExceptionHandler
{
    private const string CommitConflict = "The object changed while this call ran. Read it again and repeat the call.";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        try
        {
            await Problem.Write(httpContext, Translate(httpContext, exception));
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client is gone. If this were rethrown, it would be logged three times, whenever any client disconnects.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }

        return true;
    }

    private RefusedException Translate(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case RefusedException refused:
                return refused;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Refuse.TooLarge("body_too_large",
                    $"The body is larger than {EdgeSetup.BodyLimit} bytes. Send a smaller one.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return new RefusedException(StatusCodes.Status408RequestTimeout, "body_too_slow",
                    "The body arrived too slowly. Send it again over a faster connection.");
            case BadHttpRequestException bad:
                return new RefusedException(
                    bad.StatusCode, "bad_request", "The request is not valid HTTP. Correct its headers or body framing.");
            case IOException { InnerException: OverflowException }: // Kestrel throws this for a chunk size that overflows
                return Refuse.Invalid("bad_request", "The request is not valid HTTP. Correct its headers or body framing.");
            case DbUpdateConcurrencyException:
                return Refuse.Conflict("concurrent_change", CommitConflict);
            case DbUpdateException failed when failed.IsUniqueViolation() || failed.IsDeadlock():
                return Refuse.Conflict("concurrent_change", CommitConflict);
            case var away when away.IsUnavailable():
                if (strangers.MayLog(context))
                {
                    var error = away.GetBaseException().GetType().Name;
                    Log.DatabaseUnavailable(log, context.Request.Method, context.RouteTemplate(), error, Problem.TraceIdOf(context), away);
                }

                return Refuse.Unavailable(
                    "database_unavailable",
                    "The database is unavailable, and it is not known whether a change was made. Repeat with the same "
                        + "Idempotency-Key, or read the object first.");
            default:
                if (strangers.MayLog(context))
                {
                    var error = exception.GetType().Name;
                    Log.CallFailed(log, context.Request.Method, context.RouteTemplate(), error, Problem.TraceIdOf(context), exception);
                }

                return new RefusedException(
                    StatusCodes.Status500InternalServerError, "internal_error",
                    "Aegis failed to process this call. Report the traceId to the operator of this installation.");
        }
    }
}
