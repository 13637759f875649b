using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Host.Edge;

/// <summary>Turns every exception into problem+json. What a caller can put right keeps its code; everything else is 500 without details.</summary>
internal sealed class Failures(ILogger<Failures> log) : IExceptionHandler
{
    private const string CommitConflict = "The object changed while this call ran. Read it again and repeat the call.";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await Problem.Write(httpContext, Translate(httpContext, exception));
        return true;
    }

    private RefusedException Translate(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case RefusedException refused:
                return refused;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Refuse.TooLarge("body_too_large", $"The body of this operation may have {EdgeSetup.BodyLimit} bytes. Send a smaller one.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return new RefusedException(StatusCodes.Status408RequestTimeout, "body_too_slow", "The body came too slowly. Send it again over a faster connection.");
            case BadHttpRequestException bad:
                return new RefusedException(bad.StatusCode, "bad_request", "The request is not valid HTTP. Correct its headers or body framing.");
            case DbUpdateConcurrencyException:
                return Refuse.Conflict("concurrent_change", CommitConflict);
            case DbUpdateException failed when failed.IsUniqueViolation():
                return Refuse.Conflict("concurrent_change", CommitConflict);
            case { } lost when lost.IsLostDatabase():
                Log.DatabaseLost(log, context.Request.Method, Problem.TraceIdOf(context), lost);
                return Refuse.Unavailable("database_unavailable", "The database cannot be reached now. Repeat the call in a moment.").With(Problem.RetryAfter, 1);
            default:
                // The exception handler takes the endpoint off the context and keeps it in its feature.
                var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
                var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
                Log.CallFailed(log, context.Request.Method, route, exception.GetType().Name, Problem.TraceIdOf(context), exception);
                return new RefusedException(
                    StatusCodes.Status500InternalServerError, "internal_error", "Aegis failed on this call. Report the traceId to whoever runs this installation.");
        }
    }
}
