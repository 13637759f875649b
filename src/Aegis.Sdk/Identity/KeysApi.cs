namespace Aegis.Sdk.Identity;

/// <summary>API keys of the own organization.</summary>
public sealed class KeysApi
{
    private readonly Caller caller;

    internal KeysApi(Caller caller) => this.caller = caller;

    /// <summary>Makes a key. <see cref="NewApiKey.Key"/> is shown by this call alone.</summary>
    /// <param name="key">What the key allows, and until when.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="Failures.AegisConflictException"><c>secret_already_shown</c>: an earlier attempt succeeded and its answer was lost
    /// on the way; <c>id</c> among the members names the key. Revoke it and make another.</exception>
    public Task<NewApiKey> CreateAsync(CreateKey key, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync("v1/auth/keys", JsonBody.Of(key, CamelCaseJson.Default.CreateKey), CamelCaseJson.Default.NewApiKey,
            cancellationToken, idempotencyKey);

    /// <summary>All keys, newest first.</summary>
    /// <param name="status"><c>active</c>, <c>expired</c> or <c>revoked</c>; all unless told.</param>
    /// <param name="cancellationToken">Stops.</param>
    public IAsyncEnumerable<ApiKey> ListAsync(string? status = null, CancellationToken cancellationToken = default) =>
        Page<ApiKey>.WalkAsync((cursor, ct) => ListPageAsync(status, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the list.</summary>
    public Task<Page<ApiKey>> ListPageAsync(
        string? status = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(
            new Query("v1/auth/keys").With("status", status).With("cursor", cursor).With("limit", limit).ToString(),
            CamelCaseJson.Default.PageApiKey, cancellationToken);

    /// <summary>One key, without its secret.</summary>
    public Task<ApiKey> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/auth/keys/{Query.Segment(id)}", CamelCaseJson.Default.ApiKey, cancellationToken);

    /// <summary>
    /// Ends a key for good, with its children and their sessions. No request that starts after this call has returned is accepted with it.
    /// </summary>
    public Task<ApiKey> RevokeAsync(string id, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/auth/keys/{Query.Segment(id)}", CamelCaseJson.Default.ApiKey, cancellationToken);

    /// <summary>Ends a key that was found somewhere. Nothing is needed for it but the key.</summary>
    public Task<ReportedKey> ReportLeakAsync(string key, CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Post, "v1/auth/keys/report-leak",
            JsonBody.Of(new ReportKey(key), CamelCaseJson.Default.ReportKey))
        { IsAnonymous = true, IsRepeatable = true },
        CamelCaseJson.Default.ReportedKey, cancellationToken);

    /// <summary>Makes a key that takes another one's place.</summary>
    /// <param name="id">The key to replace.</param>
    /// <param name="overlap">How long the old one works on: <c>0</c>, <c>15m</c>, <c>1h</c> or <c>24h</c>.</param>
    /// <param name="idempotencyKey">As for <see cref="CreateAsync"/>.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<NewApiKey> RotateAsync(
        string id, string overlap = "0", string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"v1/auth/keys/{Query.Segment(id)}/rotate", JsonBody.Of(new RotateKey(overlap), CamelCaseJson.Default.RotateKey),
        CamelCaseJson.Default.NewApiKey, cancellationToken, idempotencyKey);
}

/// <summary>A key to be made. Give either a preset or scopes.</summary>
/// <param name="Name">For people.</param>
/// <param name="Expiry"><c>7d</c>, <c>30d</c>, <c>90d</c>, <c>1y</c> or <c>never</c>.</param>
public sealed record CreateKey(string Name, string Expiry = "90d")
{
    /// <summary>
    /// <c>read-only</c>, <c>execution</c>, <c>developer</c>, <c>full-access</c>, <c>study-consumer</c> or <c>study-provider</c>.
    /// </summary>
    public string? Preset { get; init; }

    /// <summary>Scopes such as <c>credential:read</c>, <c>agent:*</c> or <c>workflow:run#nightly</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Partner organizations to narrow the key to.</summary>
    public IReadOnlyList<string>? Partners { get; init; }
}

internal sealed record RotateKey(string Overlap);

internal sealed record ReportKey(string Key)
{
    public override string ToString() => "***";
}

/// <summary>A key that was reported and is revoked.</summary>
public sealed record ReportedKey(string KeyId, DateTimeOffset RevokedAt);

/// <summary>A key that was just made.</summary>
/// <param name="Id">key_….</param>
/// <param name="Name">For people.</param>
/// <param name="Key">The key itself, shown here and never again.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record NewApiKey(string Id, string Name, string Key, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// <c>expiry_cut_to_parent</c> when the key ends with the one it was made with, before the end that was asked for. Hosts of 0.1.0 send
    /// none.
    /// </summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Shows no key.</summary>
    public override string ToString() => $"NewApiKey {{ Id = {Id} }}";
}

/// <summary>A key, without its secret.</summary>
/// <param name="Id">key_….</param>
/// <param name="Name">For people.</param>
/// <param name="Hint">The last characters.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Partners">Partner organizations that it is narrowed to; null means all.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="ParentId">The key that it was made with.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="ReplacedBy">The key that took its place.</param>
/// <param name="ExposedAt">When it was seen in an address; replace it.</param>
/// <param name="LastUsedAt">When it was used last.</param>
/// <param name="LastUsedFrom">From which address.</param>
/// <param name="LastUsedBy">By which client.</param>
public sealed record ApiKey(
    string Id, string Name, string Hint, string Status, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Partners, string UserId,
    string? ParentId,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? ReplacedBy, DateTimeOffset? ExposedAt,
    DateTimeOffset? LastUsedAt, string? LastUsedFrom, string? LastUsedBy);
