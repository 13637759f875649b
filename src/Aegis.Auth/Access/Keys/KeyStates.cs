using System.Collections.Concurrent;

namespace Aegis.Auth.Access.Keys;

/// <summary>The digest that proves a key, and what it was created with. None of it ever changes.</summary>
internal sealed record StoredKey(string KeyId, string UserId, byte[] Mac, bool IsTest, List<string> Scopes, List<string>? Partners);

/// <summary>Reads the states of keys, and the digests that prove them.</summary>
internal sealed class KeyStates(StatusCache known, CacheFreshness freshness, AuthOptions options, IServiceScopeFactory scopes)
    : StateReader<KeyState?>(known, freshness, options, scopes)
{
    private readonly ConcurrentDictionary<string, StoredKey> stored = new(StringComparer.Ordinal);

    private readonly Func<AuthDb, string, CancellationToken, Task<KeyState?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string id, CancellationToken ct) => (
            from key in db.ApiKeys
            where key.Id == id
            join organization in db.Organizations on key.OrganizationId equals organization.Id
            join user in db.Users on key.UserId equals user.Id
            select new KeyState(
                key.Id, key.Name, key.OrganizationId, key.UserId, user.Role, key.ExpiresAt, key.RevokedAt, user.DisabledAt,
                organization.ClosedAt)).SingleOrDefault());

    private readonly Func<AuthDb, string, CancellationToken, Task<StoredKey?>> byPublicId =
        EF.CompileAsyncQuery((AuthDb db, string publicId, CancellationToken ct) => db.ApiKeys
            .Where(key => key.PublicId == publicId)
            .Select(key => new StoredKey(key.Id, key.UserId, key.Mac, key.IsTest, key.Scopes, key.Partners)).SingleOrDefault());

    /// <summary>The key with this public id if it is cached.</summary>
    public StoredKey? Remembered(string publicId) => stored.GetValueOrDefault(publicId);

    /// <summary>
    /// The key with this public id from the database, or null. An unknown id is not cached, because guesses would fill the memory.
    /// </summary>
    public async ValueTask<StoredKey?> Find(string publicId, CancellationToken ct)
    {
        await using var scope = Scopes.CreateAsyncScope();
        if (await byPublicId(scope.ServiceProvider.GetRequiredService<AuthDb>(), publicId, ct) is not { } found) return null;
        if (stored.Count >= StatusCache.Capacity) stored.Clear();
        return stored[publicId] = found;
    }

    protected override Task<KeyState?> Query(AuthDb db, string id, CancellationToken ct) => byId(db, id, ct);
}
