namespace Aegis.Sdk.Identity;

/// <summary>API keys of your organization.</summary>
public sealed class KeysApi
{
    private readonly Caller caller;

    internal KeysApi(Caller caller) => this.caller = caller;

    /// <summary>Creates a key. Only this answer shows <see cref="NewApiKey.Key"/>.</summary>
    /// <param name="key">The key's permissions and expiry.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Failures.AegisConflictException"><c>secret_already_shown</c>: an earlier attempt succeeded, but its answer was
    /// lost. The member <c>id</c> names the key. Revoke it and create another.</exception>
    public Task<NewApiKey> CreateAsync(CreateKey key, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync("v1/auth/keys", JsonBody.Of(key, CamelCaseJson.Default.CreateKey), CamelCaseJson.Default.NewApiKey,
            cancellationToken, idempotencyKey);

    /// <summary>All keys, newest first.</summary>
    /// <param name="status"><c>active</c>, <c>expired</c> or <c>revoked</c>; default all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public IAsyncEnumerable<ApiKey> ListAsync(string? status = null, CancellationToken cancellationToken = default) =>
        Page<ApiKey>.WalkAsync((cursor, ct) => ListPageAsync(status, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the list.</summary>
    public Task<Page<ApiKey>> ListPageAsync(
        string? status = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(
            new Query("v1/auth/keys").With("status", status).With("cursor", cursor).With("limit", limit).ToString(),
            CamelCaseJson.Default.PageApiKey, cancellationToken);

    /// <summary>One key, without its secret.</summary>
    public Task<ApiKey> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/auth/keys/{Query.Segment(id)}", CamelCaseJson.Default.ApiKey, cancellationToken);

    /// <summary>
    /// Revokes a key for good, with its child keys and their sessions. Requests that start after this call returned are refused.
    /// </summary>
    public Task<ApiKey> RevokeAsync(string id, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/auth/keys/{Query.Segment(id)}", CamelCaseJson.Default.ApiKey, cancellationToken);

    /// <summary>Revokes a leaked key. Only the key itself is needed.</summary>
    public Task<ReportedKey> ReportLeakAsync(string key, CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Post, "v1/auth/keys/report-leak",
            JsonBody.Of(new ReportKey(key), CamelCaseJson.Default.ReportKey))
        { IsAnonymous = true, IsRepeatable = true },
        CamelCaseJson.Default.ReportedKey, cancellationToken);

    /// <summary>Creates a key that replaces another one.</summary>
    /// <param name="id">The key to replace.</param>
    /// <param name="overlap">How long the old key still works: <c>0</c>, <c>15m</c>, <c>1h</c> or <c>24h</c>.</param>
    /// <param name="idempotencyKey">As for <see cref="CreateAsync"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<NewApiKey> RotateAsync(
        string id, string overlap = "0", string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"v1/auth/keys/{Query.Segment(id)}/rotate", JsonBody.Of(new RotateKey(overlap), CamelCaseJson.Default.RotateKey),
        CamelCaseJson.Default.NewApiKey, cancellationToken, idempotencyKey);
}

/// <summary>A key to create. Give either a preset or scopes.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Expiry"><c>7d</c>, <c>30d</c>, <c>90d</c>, <c>1y</c> or <c>never</c>.</param>
public sealed record CreateKey(string Name, string Expiry = "90d")
{
    /// <summary>
    /// <c>read-only</c>, <c>execution</c>, <c>developer</c>, <c>full-access</c>, <c>study-consumer</c> or <c>study-provider</c>.
    /// </summary>
    public string? Preset { get; init; }

    /// <summary>Scopes such as <c>credential:read</c>, <c>agent:*</c> or <c>workflow:run#nightly</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Partner organizations to limit the key to.</summary>
    public IReadOnlyList<string>? Partners { get; init; }
}

internal sealed record RotateKey(string Overlap);

internal sealed record ReportKey(string Key)
{
    public override string ToString() => "***";
}

/// <summary>A leaked key that was reported and revoked.</summary>
public sealed record ReportedKey(string KeyId, DateTimeOffset RevokedAt);

/// <summary>A new key.</summary>
/// <param name="Id">key_….</param>
/// <param name="Name">The name for people.</param>
/// <param name="Key">The key itself. It is not shown again.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">When it expires.</param>
public sealed record NewApiKey(string Id, string Name, string Key, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// <c>expiry_cut_to_parent</c> when the key expires with the key that created it, earlier than requested. Hosts of 0.1.0 send no
    /// warnings.
    /// </summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Does not show the key.</summary>
    public override string ToString() => $"NewApiKey {{ Id = {Id} }}";
}

/// <summary>A key, without its secret.</summary>
/// <param name="Id">key_….</param>
/// <param name="Name">The name for people.</param>
/// <param name="Hint">The key's last characters.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Partners">Partner organizations that the key is limited to; null means all.</param>
/// <param name="UserId">The key's user.</param>
/// <param name="ParentId">The key that created it.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="ReplacedBy">The key that replaced it.</param>
/// <param name="ExposedAt">When it was seen in a URL. Replace such a key.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="LastUsedFrom">The address it was last used from.</param>
/// <param name="LastUsedBy">The client it was last used by.</param>
public sealed record ApiKey(
    string Id, string Name, string Hint, string Status, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Partners, string UserId,
    string? ParentId,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? ReplacedBy, DateTimeOffset? ExposedAt,
    DateTimeOffset? LastUsedAt, string? LastUsedFrom, string? LastUsedBy);
