using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Connect;

/// <summary>
/// Serves procedures of the Connect protocol (https://connectrpc.com/docs/protocol): unary, by POST.
/// <see cref="UseConnect"/> answers requests that are not calls of a procedure. For a call, <see cref="ConnectCall"/> reads the headers,
/// <see cref="ConnectBody"/> the bytes, and <see cref="ConnectCodec"/> converts them to a message. JSON is read by <see
/// cref="ConnectJson"/>. A refusal becomes a <see cref="ConnectError"/> with a <see cref="ConnectCode"/>. The call fails when the caller's
/// deadline passes.
/// </summary>
public static class ConnectEndpoints
{
    /// <summary>Maps one procedure. Refusals that <paramref name="handle"/> throws become Connect errors.</summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="procedure">Its description in the <c>.proto</c>.</param>
    /// <param name="handle">Handles a request; the token is cancelled at the caller's deadline.</param>
    public static IEndpointConventionBuilder MapConnect<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints, ConnectProcedure procedure,
        Func<HttpContext, TRequest, CancellationToken, Task<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>
    {
        if (procedure.Method.InputType.ClrType != typeof(TRequest) || procedure.Method.OutputType.ClrType != typeof(TResponse))
            throw new ArgumentException($"{procedure.Name} has other message types.", nameof(procedure));
        return endpoints.MapPost(procedure.Name, http => Answer(http, handle)).WithMetadata(procedure);
    }

    /// <summary>
    /// Answers requests that are not calls of a procedure, with the empty bodies that the protocol requires, before authentication. Must
    /// run after routing.
    /// </summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (!ConnectProcedure.IsAddress(http.Request.Path)) return next(http);

        var procedure = http.GetEndpoint()?.Metadata.GetMetadata<ConnectProcedure>();
        // procedure names are case-sensitive, routes are not
        var exact = procedure is null || http.Request.Path.Value == $"/{procedure.Name}";
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

    private static async Task Answer<TRequest, TResponse>(
        HttpContext http, Func<HttpContext, TRequest, CancellationToken, Task<TResponse>> handle)
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
                "The deadline of Connect-Timeout-Ms passed before the call was answered. Allow more time.");
        }

        await ConnectBody.Write(http, answer, call.Codec.ContentType, call.CompressAnswer);
    }
}
