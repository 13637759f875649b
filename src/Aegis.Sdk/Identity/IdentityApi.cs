using Aegis.Sdk.Calls;

namespace Aegis.Sdk.Identity;

/// <summary>Who calls, and what there is to be allowed.</summary>
public sealed class IdentityApi
{
    private readonly Caller caller;

    internal IdentityApi(Caller caller) => this.caller = caller;

    /// <summary>Who the caller is and what it may do at this moment.</summary>
    public Task<CallerSession> GetSessionAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/auth/session", CamelCaseJson.Default.CallerSession, cancellationToken);

    /// <summary>All scopes and presets.</summary>
    public Task<ScopeCatalogue> GetScopesAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/auth/scopes", CamelCaseJson.Default.ScopeCatalogue, cancellationToken);

    /// <summary>The own organization.</summary>
    public Task<OrganizationDetails> GetOrganizationAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/organizations/me", CamelCaseJson.Default.OrganizationDetails, cancellationToken);
}

/// <summary>Who calls.</summary>
/// <param name="Organization">Id of the organization.</param>
/// <param name="Subject">Id of what calls: a key or a user.</param>
/// <param name="Name">Its name.</param>
/// <param name="UserId">The user behind it.</param>
/// <param name="KeyId">The key behind it.</param>
/// <param name="Roles">Roles of the user.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Partners">Partner organizations that it is narrowed to; null means all.</param>
/// <param name="ExpiresAt">When key or token ends.</param>
public sealed record CallerSession(
    string Organization, string Subject, string Name, string? UserId, string? KeyId,
    IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Partners, DateTimeOffset? ExpiresAt);

/// <summary>The catalogue of scopes.</summary>
/// <param name="Resources">What scopes are about.</param>
/// <param name="Presets">Named sets of scopes.</param>
public sealed record ScopeCatalogue(IReadOnlyList<ScopeResource> Resources, IReadOnlyList<ScopePreset> Presets);

/// <summary>The scopes of one resource: <c>resource:action</c>.</summary>
public sealed record ScopeResource(string Resource, IReadOnlyList<string> Actions, string? Notes);

/// <summary>A named set of scopes.</summary>
public sealed record ScopePreset(string Name, IReadOnlyList<string> Scopes);

/// <summary>An organization.</summary>
public sealed record OrganizationDetails(string Id, string Name, bool Provider, bool Consumer, DateTimeOffset CreatedAt);
