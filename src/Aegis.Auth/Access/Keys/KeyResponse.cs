namespace Aegis.Auth.Access.Keys;

internal enum KeyStatus { Active, Expired, Revoked }

/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">The name that its owner gave it.</param>
/// <param name="Hint">The first characters of the key, to find where it is used.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Scopes">The scopes it was created with; the role of its user limits them further on every call.</param>
/// <param name="Partners">Partner organizations it may deal with, or null for all.</param>
/// <param name="UserId">The user whose key it is.</param>
/// <param name="ParentId">The key it was created with, or null.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">When it stops working, or null for never.</param>
/// <param name="RevokedAt">When it was revoked, or null.</param>
/// <param name="ReplacedBy">The key that replaced it, or null.</param>
/// <param name="ExposedAt">When it was first sent in a URL, and so written to logs; replace such a key. Otherwise null.</param>
/// <param name="LastUsedAt">When it or one of its tokens was last used, accurate to about ten seconds; or null.</param>
/// <param name="LastUsedFrom">The address that used it, or null.</param>
/// <param name="LastUsedBy">The User-Agent of the client that used it, or null.</param>
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

/// <summary>A new key, with its text, which is shown this one time.</summary>
/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">The name that its owner gave it.</param>
/// <param name="Key">The text of the key. Store it now: Aegis does not.</param>
/// <param name="Scopes">What it allows, expanded.</param>
/// <param name="ExpiresAt">When it stops working, or null for never.</param>
/// <param name="Warnings"><c>expiry_cut_to_parent</c> when it expires with the key it was created with, earlier than requested.</param>
internal sealed record NewKeyResponse(
    string Id, string Name, string Key, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Warnings)
{
    public override string ToString() => $"{Id} ***";
}

/// <param name="KeyId">The key that was revoked.</param>
/// <param name="RevokedAt">When it stopped working.</param>
internal sealed record LeakResponse(string KeyId, DateTimeOffset RevokedAt);
