using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Connect;

/// <summary>Serves procedures of the Connect protocol (https://connectrpc.com/docs/protocol): unary, by POST.</summary>
public static class ConnectEndpoints
{
    /// <summary>Serves one procedure. Refusals that <paramref name="handle"/> throws become Connect errors.</summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="procedure">What the <c>.proto</c> says about it.</param>
    /// <param name="handle">Answers a request; the token ends at the caller's deadline.</param>
    public static IEndpointConventionBuilder MapConnect<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints, ConnectProcedure procedure, Func<HttpContext, TRequest, CancellationToken,
        Task<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>
    {
        if (procedure.Method.InputType.ClrType != typeof(TRequest) || procedure.Method.OutputType.ClrType != typeof(TResponse))
            throw new ArgumentException($"{procedure.Name} takes and gives other messages.", nameof(procedure));
        return endpoints.MapPost(procedure.Name, http => Answer(http, handle)).WithMetadata(procedure);
    }

    /// <summary>
    /// Answers what is no call of a procedure, with the empty bodies that the protocol asks for, before anyone is asked who they are.
    /// Stands behind routing.
    /// </summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (!ConnectProcedure.IsAddress(http.Request.Path)) return next(http);

        var procedure = http.GetEndpoint()?.Metadata.GetMetadata<ConnectProcedure>();
        var exact = procedure is null || http.Request.Path.Value == $"/{procedure.Name}"; // addresses are case-sensitive, routes are not
        if (http.GetEndpoint() is null || !exact) return Empty(http, StatusCodes.Status404NotFound);
        if (procedure is null)
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            return Empty(http, StatusCodes.Status405MethodNotAllowed);
        }

        if (ConnectCodec.Of(http.Request) is not null) return next(http);
        http.Response.Headers["Accept-Post"] = ConnectCodec.Supported;
        return Empty(http, StatusCodes.Status415UnsupportedMediaType);
    });

    private static Task Empty(HttpContext http, int status)
    {
        http.SetEndpoint(null);
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task Answer<TRequest,
        TResponse>(HttpContext http, Func<HttpContext, TRequest, CancellationToken, Task<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>
    {
        var call = ConnectCall.Read(http.Request);
        using var deadline = new CancellationTokenSource(call.Timeout, http.RequestServices.GetRequiredService<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        byte[] answer;
        try
        {
            var body = await ConnectBody.Read(http, call.Compressed, either.Token);
            var response = await handle(http, call.Codec.Read<TRequest>(body), either.Token);
            either.Token.ThrowIfCancellationRequested();
            answer = call.Codec.Write(response);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException(StatusCodes.Status504GatewayTimeout, "deadline_exceeded",
                "The deadline of Connect-Timeout-Ms passed before there was an answer.");
        }

        await ConnectBody.Write(http, answer, call.Codec.ContentType, call.CompressAnswer);
    }
}
