using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;

namespace Aegis.Auth.Access.OAuth;

/// <summary>A refusal as an error of RFC 6749 §5.2.</summary>
internal sealed class OAuthException(int status, string error, string description) : Exception(description)
{
    public int Status => status;

    public string Error => error;

    public static OAuthException InvalidRequest(string description) => new(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static OAuthException InvalidGrant(string description) => new(StatusCodes.Status400BadRequest, "invalid_grant", description);

    public static OAuthException InvalidScope() =>
        new(StatusCodes.Status400BadRequest, "invalid_scope", "A scope was not granted. Ask for fewer scopes, or leave scope out.");

    public static OAuthException InvalidClient() => new(
        StatusCodes.Status401Unauthorized, "invalid_client",
        "Identify yourself with an API key: as Bearer, or as client_secret with the key's id as client_id.");
}

/// <summary>Answers OAuth calls with OAuth errors.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OAuthErrorsAttribute : ExceptionFilterAttribute
{
    public override void OnException(ExceptionContext context)
    {
        var refused = context.Exception switch
        {
            OAuthException oauth => oauth,
            RefusedException { Status: StatusCodes.Status401Unauthorized } => OAuthException.InvalidClient(),
            RefusedException other when other.Status < StatusCodes.Status500InternalServerError =>
                OAuthException.InvalidRequest(other.Message),
            _ => null,
        };
        if (refused is null) return;

        var headers = context.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        if (refused.Status == StatusCodes.Status401Unauthorized) headers[HeaderNames.WWWAuthenticate] = "Basic realm=\"aegis\", Bearer";
        context.Result = new ObjectResult(new OAuthErrorResponse(refused.Error, refused.Message)) { StatusCode = refused.Status };
        context.ExceptionHandled = true;
    }
}

/// <param name="Error">An error code of RFC 6749 §5.2 or RFC 7009 §2.2.1.</param>
/// <param name="ErrorDescription">What went wrong and what to do.</param>
[Kernel.Json.SnakeCase]
internal sealed record OAuthErrorResponse(string Error, string ErrorDescription);
