using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Net.Http.Headers;

namespace Aegis.Kernel.Web.Callers;

/// <summary>Allows an operation to callers with its scope, for everything or for the object in the route.</summary>
internal sealed class ScopeAuthorization(IHttpContextAccessor accessor) : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (accessor.HttpContext is { } http && http.FindCaller() is { } caller
            && (requirement.Scope.Length == 0 || caller.Has(requirement.Scope, http.NamedObject())))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>The refusal for a missing scope, also when only a part of an operation needs it.</summary>
public static class MissingScope
{
    public static RefusedException Refusal(string scope) =>
        Refuse.Forbidden("missing_scope", $"This call needs the scope '{scope}'. Use a key or token that has it.")
            .With("required_permission", scope);
}

/// <summary>Answers 401 with a challenge (RFC 6750 §3), and 403 with the missing scope.</summary>
internal sealed class RefuseUnauthorized : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        if (context.FindCaller() is not { } caller)
        {
            var refused = context.Features.Get<CredentialRefused>()?.Reason
                ?? Refuse.Unauthorized("unauthenticated", "Send an access token or an API key as 'Authorization: Bearer …'.");
            if (refused.Status != StatusCodes.Status401Unauthorized)
            {
                await Problem.Write(context, refused);
                return;
            }

            var error = refused.Code == "unauthenticated" ? "" : $" error=\"invalid_token\", error_description=\"{refused.Message}\"";
            context.Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer{error}";
            await Problem.Write(context, refused);
            return;
        }

        var name = context.NamedObject();
        var scope = policy.Requirements.OfType<ScopeRequirement>().FirstOrDefault(r => !caller.Has(r.Scope, name))?.Scope ?? "";
        if (caller.Awaits(scope, name))
        {
            await Problem.Write(context, StepUp.Refusal());
            return;
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        await Problem.Write(context, MissingScope.Refusal(scope));
    }
}

/// <summary>Why the credential of this call was not accepted. Authentication stores it for the response.</summary>
public sealed record CredentialRefused(RefusedException Reason);
