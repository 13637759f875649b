namespace Aegis.Auth.Access.Sessions;

/// <summary>Who the caller is.</summary>
[ApiController]
[Route("v1/auth/session")]
[Tags("Identity")]
internal sealed class SessionController(Caller caller) : ControllerBase
{
    /// <summary>Who calls, with which roles and scopes, and until when.</summary>
    [HttpGet]
    [RequireScope(RequireScopeAttribute.Any)]
    public SessionResponse Me() => new(
        caller.OrganizationId,
        caller.Subject,
        caller.Name,
        caller.UserId,
        caller.KeyId,
        caller.Role is null ? [] : [caller.Role],
        [.. caller.Scopes.Order(StringComparer.Ordinal)],
        caller.Partners is null ? null : [.. caller.Partners.Order(StringComparer.Ordinal)],
        caller.ExpiresAt);
}

/// <param name="Organization">The caller's organization.</param>
/// <param name="Subject">Id of the key or user that the audit trail names.</param>
/// <param name="Name">Name of the key or user.</param>
/// <param name="UserId">The user the key belongs to.</param>
/// <param name="KeyId">The API key behind the call, or null.</param>
/// <param name="Roles">The roles of the user.</param>
/// <param name="Scopes">What the call may do, sorted.</param>
/// <param name="Partners">The partner organizations it is narrowed to, or null for all.</param>
/// <param name="ExpiresAt">When the token or key expires, or null for never.</param>
internal sealed record SessionResponse(
    string Organization,
    string Subject,
    string Name,
    string? UserId,
    string? KeyId,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Partners,
    DateTimeOffset? ExpiresAt);
