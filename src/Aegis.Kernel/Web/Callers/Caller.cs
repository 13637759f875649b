using Microsoft.AspNetCore.Routing;

namespace Aegis.Kernel.Web.Callers;

/// <summary>The authenticated caller of a request.</summary>
/// <param name="OrganizationId">The caller's organization; it sees only objects of this one.</param>
/// <param name="Subject">Id of the key or user, for the audit log.</param>
/// <param name="Name">Name of the key or user.</param>
/// <param name="KeyId">The API key of the call, or null.</param>
/// <param name="UserId">The user the key belongs to, or null.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c> or null.</param>
/// <param name="Scopes">The scopes of the call, expanded.</param>
/// <param name="Partners">Partner organizations that the key is restricted to, or null for all.</param>
/// <param name="ExpiresAt">When the token or key expires, or null.</param>
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

    /// <summary>The credential whose revocation ends access that was given to this caller: the API key, or the person's login.</summary>
    public string? CredentialId => KeyId ?? SessionId;

    /// <summary>The scopes that the session gets back after its step-up; null when no step-up is needed.</summary>
    public IReadOnlySet<string>? Withheld { get; init; }

    public bool IsPlatformAdmin => OrganizationId == Platform && Role == Admin;

    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>True when the caller has the scope, for everything or restricted to this object (<c>secret:read#nightly</c>).</summary>
    /// <param name="scope">A scope of the catalogue.</param>
    /// <param name="name">The object; null when a call concerns many objects and needs the whole scope.</param>
    public bool Has(string scope, string? name) => IsIn(Scopes, scope, name);

    /// <summary>True when the session's step-up gives the scope back, for everything or for this object.</summary>
    public bool Awaits(string scope, string? name) => Withheld is not null && IsIn(Withheld, scope, name);

    private static bool IsIn(IReadOnlySet<string> scopes, string scope, string? name) =>
        scopes.Contains(scope) || (name is not null && scopes.Contains($"{scope}#{name}"));

    /// <summary>True when the caller may exchange studies with this partner organization.</summary>
    public bool MayDealWith(string organizationId) => Partners is null || Partners.Contains(organizationId);
}

/// <summary>Stores the caller of a request in the context.</summary>
public static class CallerOnContext
{
    private const string NameParameter = "name";

    /// <summary>The object in the route, which a scope can be restricted to; null when the route has none.</summary>
    public static string? NamedObject(this HttpContext context) => context.GetRouteValue(NameParameter) as string;

    public static void SetCaller(this HttpContext context, Caller caller) => context.Features.Set(caller);

    public static Caller? FindCaller(this HttpContext context) => context.Features.Get<Caller>();

    public static Caller Caller(this HttpContext context) =>
        context.FindCaller()
            ?? throw Refuse.Unauthorized("unauthenticated", "Send an access token or an API key in the Authorization header.");
}
