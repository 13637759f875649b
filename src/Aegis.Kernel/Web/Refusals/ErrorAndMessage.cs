namespace Aegis.Kernel.Web.Refusals;

/// <summary>
/// Adds <c>error</c> and <c>message</c> to the refusals of a controller, in addition to the problem members. The vault's clients read
/// those.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ErrorAndMessageAttribute : Attribute
{
    private const string Denied = "Credential access denied";

    /// <summary>Adds the two members if the endpoint has this attribute.</summary>
    internal static void Add(HttpContext context, int status, string detail, Dictionary<string, object?> problem)
    {
        if (context.OriginalEndpoint()?.Metadata.GetMetadata<ErrorAndMessageAttribute>() is null) return;
        problem["error"] = ErrorName(status);
        problem["message"] = status == StatusCodes.Status403Forbidden ? Denied : detail;
    }

    private static string ErrorName(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "bad_request",
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status412PreconditionFailed => "precondition_failed",
        StatusCodes.Status413PayloadTooLarge => "payload_too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status422UnprocessableEntity => "unprocessable",
        StatusCodes.Status429TooManyRequests => "too_many_requests",
        StatusCodes.Status502BadGateway => "bad_gateway",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "internal_error",
    };
}
