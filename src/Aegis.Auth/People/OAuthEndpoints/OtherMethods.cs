using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>
/// Answers 405 to other methods at addresses that need no credential. Otherwise these calls would get a 401, and their author would look
/// for a missing credential.
/// </summary>
internal static class OtherMethods
{
    private const string Endpoints = $"{AuthOptions.Realm}/protocol/openid-connect";

    private static readonly (string Address, string Allow)[] Addresses =
    [
        ($"{Endpoints}/token", "POST"),
        ($"{Endpoints}/auth/device", "POST"),
        ($"{Endpoints}/revoke", "POST"),
        ($"{Endpoints}/token/introspect", "POST"),
        ("/v1/auth/token", "POST"),
        ("/v1/auth/keys/report-leak", "POST"),
        ("/v1/applications/{id}", "GET"),
        ("/claim/{token}", "GET, POST"),
    ];

    /// <summary>Routing prefers routes with a method to these, which have none.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (address, allow) in Addresses)
            endpoints.Map(address, context => Refuse(context, allow)).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The middleware adds the body.</summary>
    private static Task Refuse(HttpContext http, string allow)
    {
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = allow;
        return Task.CompletedTask;
    }
}
