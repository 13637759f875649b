using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Host.Edge;

/// <summary>
/// Turns every exception into problem+json. What a caller can put right keeps its code; everything else is 500 without details.
/// </summary>
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
            // Nobody waits for the answer. Thrown on, it would be logged three times over, at the will of any client that hangs up.
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
                    $"The body of this operation may have {EdgeSetup.BodyLimit} bytes. Send a smaller one.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return new RefusedException(StatusCodes.Status408RequestTimeout, "body_too_slow",
                    "The body came too slowly. Send it again over a faster connection.");
            case BadHttpRequestException bad:
                return new RefusedException(
                    bad.StatusCode, "bad_request", "The request is not valid HTTP. Correct its headers or body framing.");
            case IOException { InnerException: OverflowException }: // Kestrel's, of a chunk size beyond what a number holds
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
                    "The database does not answer. Whether a change was made is not known: repeat with the same Idempotency-Key, or read "
                        + "the object first.");
            default:
                if (strangers.MayLog(context))
                {
                    var error = exception.GetType().Name;
                    Log.CallFailed(log, context.Request.Method, context.RouteTemplate(), error, Problem.TraceIdOf(context), exception);
                }

                return new RefusedException(
                    StatusCodes.Status500InternalServerError, "internal_error",
                    "Aegis failed on this call. Report the traceId to whoever runs this installation.");
        }
    }
}
