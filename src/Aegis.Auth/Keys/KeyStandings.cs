using System.Collections.Concurrent;
using Aegis.Auth.Persistence;
using Aegis.Auth.Revocation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Auth.Keys;

/// <summary>What proves a presented key and what it was made to allow. None of it changes in the life of a key.</summary>
internal sealed record StoredKey(string KeyId, string UserId, byte[] Mac, bool IsTest, List<string> Scopes, List<string>? Partners);

/// <summary>
/// How keys stand: from memory while this host follows every change, else from the database by one compiled query. Runs on every request.
/// </summary>
internal sealed class KeyStandings(KnownStandings known, Trust trust, AuthOptions options, IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<string, StoredKey> stored = new(StringComparer.Ordinal);

    // The queries belong to the instance: a compiled query holds the model of one container.
    private readonly Func<AuthDb, string, CancellationToken, Task<KeyStanding?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string id, CancellationToken ct) => (
            from key in db.ApiKeys
            where key.Id == id
            join organization in db.Organizations on key.OrganizationId equals organization.Id
            join user in db.Users on key.UserId equals user.Id
            select new KeyStanding(
                key.Id, key.Name, key.OrganizationId, key.UserId, user.Role, key.ExpiresAt, key.RevokedAt, user.DisabledAt, organization.ClosedAt)).SingleOrDefault());

    private readonly Func<AuthDb, string, CancellationToken, Task<StoredKey?>> byPublicId =
        EF.CompileAsyncQuery((AuthDb db, string publicId, CancellationToken ct) => db.ApiKeys
            .Where(key => key.PublicId == publicId)
            .Select(key => new StoredKey(key.Id, key.UserId, key.Mac, key.IsTest, key.Scopes, key.Partners)).SingleOrDefault());

    public ValueTask<KeyStanding?> Of(string keyId, CancellationToken ct) =>
        !options.StrictRevocation && trust.Holds && known.Find<KeyStanding>(keyId) is { } standing ? new(standing) : Read(keyId, ct);

    /// <summary>The key with this public id if it was read before.</summary>
    public StoredKey? Remembered(string publicId) => stored.GetValueOrDefault(publicId);

    /// <summary>The key with this public id from the database, or null. What nobody has is not remembered: guesses would fill the memory.</summary>
    public async ValueTask<StoredKey?> Find(string publicId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await byPublicId(scope.ServiceProvider.GetRequiredService<AuthDb>(), publicId, ct) is not { } found) return null;
        if (stored.Count >= KnownStandings.DefaultCapacity) stored.Clear();
        return stored[publicId] = found;
    }

    private async ValueTask<KeyStanding?> Read(string keyId, CancellationToken ct)
    {
        var mark = known.Mark();
        await using var scope = scopes.CreateAsyncScope();
        var standing = await byId(scope.ServiceProvider.GetRequiredService<AuthDb>(), keyId, ct);
        if (standing is not null && !options.StrictRevocation) known.Keep(keyId, standing, mark);
        return standing;
    }
}
