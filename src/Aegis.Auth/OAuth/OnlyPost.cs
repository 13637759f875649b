using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Auth.OAuth;

/// <summary>
/// Answers 405 to other methods where strangers send their credentials by POST: by themselves these calls would be taken for ones that lack a credential,
/// and a 401 sends their author on the wrong track.
/// </summary>
internal static class OnlyPost
{
    private const string Endpoints = $"{AuthOptions.Realm}/protocol/openid-connect";

    private static readonly string[] Addresses = [$"{Endpoints}/token", $"{Endpoints}/auth/device", $"{Endpoints}/revoke", $"{Endpoints}/token/introspect", "/v1/auth/token"];

    /// <summary>Routes without methods come after those with one.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var address in Addresses) endpoints.Map(address, Refuse).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The edge gives it its body.</summary>
    private static Task Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = HttpMethods.Post;
        return Task.CompletedTask;
    }
}
