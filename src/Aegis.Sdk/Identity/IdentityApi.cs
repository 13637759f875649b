namespace Aegis.Sdk.Identity;

/// <summary>The caller, its sessions and organization, and the catalogue of scopes.</summary>
/// <remarks>
/// The other classes of this namespace manage who may call: <see cref="KeysApi"/> and <see cref="UsersApi"/> within the organization,
/// <see cref="PartnershipsApi"/> and <see cref="ApplicationsApi"/> between organizations, <see cref="AuthenticatorApi"/> the second factor,
/// and <see cref="SigningKeysApi"/> the keys of access tokens. Each method makes one call and throws an
/// <see cref="Failures.AegisException"/> when the host refuses it.
/// </remarks>
public sealed class IdentityApi
{
    private readonly Caller caller;

    internal IdentityApi(Caller caller) => this.caller = caller;

    /// <summary>The caller and its current permissions.</summary>
    public Task<CallerSession> GetSessionAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/auth/session", CamelCaseJson.Default.CallerSession, cancellationToken);

    /// <summary>Your sessions, newest first.</summary>
    public IAsyncEnumerable<SessionEntry> ListSessionsAsync(CancellationToken cancellationToken = default) => Page<SessionEntry>.WalkAsync(
        (cursor, ct) => caller.GetAsync(new Query("v1/auth/sessions").With("cursor", cursor).ToString(),
            CamelCaseJson.Default.PageSessionEntry, ct), cancellationToken);

    /// <summary>Ends a session and its token.</summary>
    public Task EndSessionAsync(string id, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/auth/sessions/{Query.Segment(id)}", cancellationToken);

    /// <summary>Proves the user's identity with a one-time code, so that a risky session gets all its scopes back.</summary>
    public Task<SessionEntry> StepUpAsync(string id, string code, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        $"v1/auth/sessions/{Query.Segment(id)}/step-up", JsonBody.Of(new OneTimeCode(code), CamelCaseJson.Default.OneTimeCode),
        CamelCaseJson.Default.SessionEntry, cancellationToken);

    /// <summary>All scopes and presets.</summary>
    public Task<ScopeCatalogue> GetScopesAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/auth/scopes", CamelCaseJson.Default.ScopeCatalogue, cancellationToken);

    /// <summary>Your organization.</summary>
    public Task<OrganizationDetails> GetOrganizationAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/organizations/me", CamelCaseJson.Default.OrganizationDetails, cancellationToken);
}

/// <summary>The caller.</summary>
/// <param name="Organization">Id of the organization.</param>
/// <param name="Subject">Id of the calling key or user.</param>
/// <param name="Name">Name of the key or user.</param>
/// <param name="UserId">The user of the key or session.</param>
/// <param name="KeyId">The key that was used.</param>
/// <param name="Roles">Roles of the user.</param>
/// <param name="Scopes">What the caller may do.</param>
/// <param name="Partners">Partner organizations that the caller is limited to; null means all.</param>
/// <param name="ExpiresAt">When the key or token expires.</param>
public sealed record CallerSession(
    string Organization, string Subject, string Name, string? UserId, string? KeyId,
    IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Partners, DateTimeOffset? ExpiresAt);

/// <summary>The catalogue of scopes.</summary>
/// <param name="Resources">The resources with their scopes.</param>
/// <param name="Presets">Named sets of scopes.</param>
public sealed record ScopeCatalogue(IReadOnlyList<ScopeResource> Resources, IReadOnlyList<ScopePreset> Presets);

/// <summary>The scopes of one resource: <c>resource:action</c>.</summary>
public sealed record ScopeResource(string Resource, IReadOnlyList<string> Actions, string? Notes);

/// <summary>A named set of scopes.</summary>
public sealed record ScopePreset(string Name, IReadOnlyList<string> Scopes);

/// <summary>An organization.</summary>
public sealed record OrganizationDetails(string Id, string Name, bool Provider, bool Consumer, DateTimeOffset CreatedAt);

internal sealed record OneTimeCode(string Totp)
{
    public override string ToString() => "***";
}

/// <summary>A session.</summary>
/// <param name="Id">ses_….</param>
/// <param name="Status">Whether the session is active, and with which scopes.</param>
/// <param name="Current">Whether it is the caller's session.</param>
/// <param name="KeyId">The key that the token was exchanged for; null for a login.</param>
/// <param name="Client">The login program: <c>web</c>, <c>aegis-cli</c> or another; null for the token of a key.</param>
/// <param name="AuthMethod">How the user was authenticated.</param>
/// <param name="DeviceId">The device of the session.</param>
/// <param name="Address">IP address of the session.</param>
/// <param name="Country">Country of the address.</param>
/// <param name="Region">Region of the address.</param>
/// <param name="City">City of the address.</param>
/// <param name="RiskScore">0 to 100.</param>
/// <param name="RiskReasons">The reasons for the score.</param>
/// <param name="SteppedUpAt">When a one-time code was given.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="EndedAt">When it was ended.</param>
public sealed record SessionEntry(
    string Id, string Status, bool Current, string? KeyId, string? Client, string? AuthMethod, string? DeviceId, string? Address,
    string? Country, string? Region, string? City,
    int RiskScore, IReadOnlyList<RiskReason> RiskReasons, DateTimeOffset? SteppedUpAt, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt);

/// <summary>A reason why a session looks risky.</summary>
public sealed record RiskReason(string Reason, int Points);
