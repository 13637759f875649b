using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Callers;

/// <summary>Who makes this call, as its token or key proved it.</summary>
/// <param name="OrganizationId">The caller's own organization: the only one whose objects it sees.</param>
/// <param name="Subject">Id of the key or user, written to the audit trail.</param>
/// <param name="Name">Name of the key or user.</param>
/// <param name="KeyId">The API key behind the call, or null.</param>
/// <param name="UserId">The user the key belongs to, or null.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c> or none.</param>
/// <param name="Scopes">The scopes the call may use, expanded.</param>
/// <param name="Partners">Partner organizations the key is narrowed to, or null for all.</param>
/// <param name="ExpiresAt">When token or key end, or null.</param>
public sealed record Caller(
    string OrganizationId,
    string Subject,
    string Name,
    string? KeyId,
    string? UserId,
    string? Role,
    IReadOnlySet<string> Scopes,
    IReadOnlySet<string>? Partners,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>The organization that runs the installation.</summary>
    public const string Platform = "org_platform";

    public const string Admin = "aegis:admin";

    /// <summary>The <c>sid</c> of the access token; null when the call came with the key itself.</summary>
    public string? SessionId { get; init; }

    /// <summary>What ends what was given to this caller, when it is revoked: its API key, or the login of a person.</summary>
    public string? CredentialId => KeyId ?? SessionId;

    /// <summary>The scopes that the session gets back by its step-up; null when there is nothing to step up.</summary>
    public IReadOnlySet<string>? Withheld { get; init; }

    public bool IsPlatformAdmin => OrganizationId == Platform && Role == Admin;

    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>True when the caller has the scope, for everything or narrowed to this one object (<c>secret:read#nightly</c>).</summary>
    /// <param name="scope">A scope of the catalogue.</param>
    /// <param name="name">The object; null where a call concerns many, so that the whole scope is needed.</param>
    public bool Has(string scope, string? name) => IsIn(Scopes, scope, name);

    /// <summary>True when the step-up of the session gives the scope back, for everything or for this one object.</summary>
    public bool Awaits(string scope, string? name) => Withheld is not null && IsIn(Withheld, scope, name);

    private static bool IsIn(IReadOnlySet<string> scopes, string scope, string? name) =>
        scopes.Contains(scope) || (name is not null && scopes.Contains($"{scope}#{name}"));

    /// <summary>True when the caller may deal with this partner organization.</summary>
    public bool MayDealWith(string organizationId) => Partners is null || Partners.Contains(organizationId);
}

/// <summary>Where the caller of a request is kept.</summary>
public static class CallerOnContext
{
    private const string NameParameter = "name";

    /// <summary>The one object that the route names, to which a scope can be narrowed; null when the operation names none.</summary>
    public static string? NamedObject(this HttpContext context) => context.GetRouteValue(NameParameter) as string;

    public static void SetCaller(this HttpContext context, Caller caller) => context.Features.Set(caller);

    public static Caller? FindCaller(this HttpContext context) => context.Features.Get<Caller>();

    public static Caller Caller(this HttpContext context) =>
        context.FindCaller()
            ?? throw Refuse.Unauthorized("unauthenticated", "Send an access token or an API key in the Authorization header.");
}
