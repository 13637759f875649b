namespace Aegis.Sdk.Identity;

/// <summary>Who calls, and what there is to be allowed.</summary>
public sealed class IdentityApi
{
    private readonly Caller caller;

    internal IdentityApi(Caller caller) => this.caller = caller;

    /// <summary>Who the caller is and what it may do at this moment.</summary>
    public Task<CallerSession> GetSessionAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/auth/session", CamelCaseJson.Default.CallerSession, cancellationToken);

    /// <summary>The own sessions, newest first.</summary>
    public IAsyncEnumerable<SessionEntry> ListSessionsAsync(CancellationToken cancellationToken = default) => Page<SessionEntry>.WalkAsync(
        (cursor, ct) => caller.GetAsync(new Query("v1/auth/sessions").With("cursor", cursor).ToString(),
            CamelCaseJson.Default.PageSessionEntry, ct), cancellationToken);

    /// <summary>Ends a session and its token.</summary>
    public Task EndSessionAsync(string id, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/auth/sessions/{Query.Segment(id)}", cancellationToken);

    /// <summary>Proves with a one-time code who calls, so that a session that looks risky has all its scopes again.</summary>
    public Task<SessionEntry> StepUpAsync(string id, string code, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        $"v1/auth/sessions/{Query.Segment(id)}/step-up", JsonBody.Of(new OneTimeCode(code), CamelCaseJson.Default.OneTimeCode),
        CamelCaseJson.Default.SessionEntry, cancellationToken);

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

internal sealed record OneTimeCode(string Totp)
{
    public override string ToString() => "***";
}

/// <summary>A session.</summary>
/// <param name="Id">ses_….</param>
/// <param name="Status">Whether it lives, and with which scopes.</param>
/// <param name="Current">Whether it is the caller's.</param>
/// <param name="KeyId">The key that its token comes from; null for a login.</param>
/// <param name="Client">What a person logged in with: <c>web</c>, <c>aegis-cli</c> or another program; null for the token of a key.</param>
/// <param name="AuthMethod">How its user was recognized.</param>
/// <param name="DeviceId">From which device.</param>
/// <param name="Address">From which address.</param>
/// <param name="Country">From where.</param>
/// <param name="Region">From where.</param>
/// <param name="City">From where.</param>
/// <param name="RiskScore">0 to 100.</param>
/// <param name="RiskReasons">What makes the score.</param>
/// <param name="SteppedUpAt">When a one-time code was given.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="EndedAt">When it was ended.</param>
public sealed record SessionEntry(
    string Id, string Status, bool Current, string? KeyId, string? Client, string? AuthMethod, string? DeviceId, string? Address,
    string? Country, string? Region, string? City,
    int RiskScore, IReadOnlyList<RiskReason> RiskReasons, DateTimeOffset? SteppedUpAt, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt);

/// <summary>Something that makes a session look risky.</summary>
public sealed record RiskReason(string Reason, int Points);
