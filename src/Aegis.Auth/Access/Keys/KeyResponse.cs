namespace Aegis.Auth.Access.Keys;

internal enum KeyStatus { Active, Expired, Revoked }

/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Hint">How the key begins, so that it is found again where it is used.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Scopes">What it was made to allow; the role of its user limits it further at every call.</param>
/// <param name="Partners">Partner organizations it may deal with, or null for all.</param>
/// <param name="UserId">Whose key it is.</param>
/// <param name="ParentId">The key it was made with, or null.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops working, or null for never.</param>
/// <param name="RevokedAt">When it was revoked, or null.</param>
/// <param name="ReplacedBy">The key that took its place, or null.</param>
/// <param name="ExposedAt">When it first stood in an address and so in logs: replace it; or null.</param>
/// <param name="LastUsedAt">When it or a token of it was last used, within some ten seconds; or null.</param>
/// <param name="LastUsedFrom">The address that used it, or null.</param>
/// <param name="LastUsedBy">The client that used it, in its own words (User-Agent), or null.</param>
internal sealed record KeyResponse(
    string Id,
    string Name,
    string Hint,
    KeyStatus Status,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Partners,
    string UserId,
    string? ParentId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    string? ReplacedBy,
    DateTimeOffset? ExposedAt,
    DateTimeOffset? LastUsedAt,
    string? LastUsedFrom,
    string? LastUsedBy)
{
    public static KeyResponse From(ApiKey key, DateTimeOffset now) => new(
        key.Id, key.Name, KeyText.Hint(key.IsTest, key.PublicId), StatusOf(key, now), key.Scopes, key.Partners, key.UserId, key.ParentId,
        key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.ReplacedBy, key.ExposedAt, key.LastUsedAt, key.LastUsedFrom, key.LastUsedBy);

    private static KeyStatus StatusOf(ApiKey key, DateTimeOffset now) =>
        key.RevokedAt is not null ? KeyStatus.Revoked : key.ExpiresAt <= now ? KeyStatus.Expired : KeyStatus.Active;
}

/// <summary>A key at the only moment at which it is shown.</summary>
/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Key">The key itself. Keep it now: it is stored nowhere.</param>
/// <param name="Scopes">What it allows, expanded.</param>
/// <param name="ExpiresAt">When it stops working, or null for never.</param>
/// <param name="Warnings"><c>expiry_cut_to_parent</c> when it ends with the key it was made with, before the end that was asked
/// for.</param>
internal sealed record NewKeyResponse(
    string Id, string Name, string Key, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Warnings)
{
    public override string ToString() => $"{Id} ***";
}

/// <param name="KeyId">The key that was revoked.</param>
/// <param name="RevokedAt">Since when it no longer works.</param>
internal sealed record LeakResponse(string KeyId, DateTimeOffset RevokedAt);
