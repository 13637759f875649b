using Aegis.Auth.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Keys;

/// <summary>How a key stands at this moment: what the database, not a token, says about it.</summary>
internal sealed record KeyStanding(
    string KeyId,
    string Name,
    string OrganizationId,
    string UserId,
    string? Role,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? OrganizationClosedAt)
{
    /// <summary>Why the key no longer works, or null while it does. Only whoever proved the secret may be told.</summary>
    public RefusedException? Refusal(DateTimeOffset now)
    {
        if (RevokedAt is not null)
            return Refuse.Unauthorized("api_key_revoked", "This API key was revoked. Use another one.");
        if (ExpiresAt <= now)
            return Refuse.Unauthorized("api_key_expired", "This API key has expired. Use another one.");
        if (OrganizationClosedAt is not null)
            return Refuse.Unauthorized("organization_closed", "The organization of this API key is closed.");
        return null;
    }
}

/// <summary>What proves and describes a key that was presented itself.</summary>
internal sealed record StoredKey(KeyStanding Standing, byte[] Mac, bool IsTest, List<string> Scopes, List<string>? Partners);

/// <summary>
/// Reads keys as they stand, by one compiled query each: this runs on every request. The queries belong to the instance,
/// since a compiled query holds the model of one container.
/// </summary>
internal sealed class KeyStandings
{
    private readonly Func<AuthDb, string, CancellationToken, Task<KeyStanding?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string id, CancellationToken ct) => (
            from key in db.ApiKeys
            where key.Id == id
            join organization in db.Organizations on key.OrganizationId equals organization.Id
            join user in db.Users on key.UserId equals user.Id
            select new KeyStanding(
                key.Id, key.Name, key.OrganizationId, key.UserId, user.Role, key.ExpiresAt, key.RevokedAt, organization.ClosedAt)).SingleOrDefault());

    private readonly Func<AuthDb, string, CancellationToken, Task<StoredKey?>> byPublicId =
        EF.CompileAsyncQuery((AuthDb db, string publicId, CancellationToken ct) => (
            from key in db.ApiKeys
            where key.PublicId == publicId
            join organization in db.Organizations on key.OrganizationId equals organization.Id
            join user in db.Users on key.UserId equals user.Id
            select new StoredKey(
                new KeyStanding(
                    key.Id, key.Name, key.OrganizationId, key.UserId, user.Role, key.ExpiresAt, key.RevokedAt, organization.ClosedAt),
                key.Mac, key.IsTest, key.Scopes, key.Partners)).SingleOrDefault());

    public Task<KeyStanding?> Of(AuthDb db, string keyId, CancellationToken ct) => byId(db, keyId, ct);

    public Task<StoredKey?> Find(AuthDb db, string publicId, CancellationToken ct) => byPublicId(db, publicId, ct);
}
