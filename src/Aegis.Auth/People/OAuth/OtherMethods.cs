using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Auth.People.OAuth;

/// <summary>
/// Answers 405 to other methods where strangers are served: otherwise these calls would be taken for ones that lack a credential,
/// and a 401 sends their author on the wrong track.
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

    /// <summary>Routes without methods come after those with one.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (address, allow) in Addresses)
            endpoints.Map(address, context => Refuse(context, allow)).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The edge gives it its body.</summary>
    private static Task Refuse(HttpContext http, string allow)
    {
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = allow;
        return Task.CompletedTask;
    }
}
