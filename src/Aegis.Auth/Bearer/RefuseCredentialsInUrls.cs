using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Aegis.Auth.Bearer;

/// <summary>
/// Refuses credentials in a query string (RFC 6750 §5.3): addresses end up in logs, histories and referrers.
/// It is a scheme without principals, because the authentication middleware asks such handlers before anything else, on every path.
/// </summary>
internal sealed class RefuseCredentialsInUrls : IAuthenticationRequestHandler
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "access_token", "api_key", "apikey", "x-api-key", "key", "token",
    };

    private HttpContext context = null!; // set by InitializeAsync before any other call

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        this.context = context;
        return Task.CompletedTask;
    }

    public Task<bool> HandleRequestAsync()
    {
        if (context.Request.QueryString.HasValue && context.Request.Query.Keys.FirstOrDefault(Names.Contains) is { } name)
        {
            throw Refuse.Invalid(
                "credential_in_url", $"Send credentials in a header: '{name}' in the address is written to logs. Replace that credential now.");
        }

        return Task.FromResult(false);
    }

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

    public Task ChallengeAsync(AuthenticationProperties? properties) => Task.CompletedTask;

    public Task ForbidAsync(AuthenticationProperties? properties) => Task.CompletedTask;
}
