using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Access.Tokens;

/// <summary>Caches the current signing key and the trusted public keys. The first token that is issued creates the first key.</summary>
internal sealed class SigningKeys(
    IServiceScopeFactory scopes, SealedBox box, CacheFreshness freshness, AuthOptions options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly ConcurrentDictionary<string, Trusted> trusted = new(StringComparer.Ordinal);
    private volatile Signer? signer;
    private long resets;

    /// <summary>The credentials that sign a token now.</summary>
    public async ValueTask<SigningCredentials> Current(CancellationToken ct)
    {
        if (signer is { } loaded && clock.GetUtcNow() < loaded.RetiredAt) return loaded.Credentials;

        await oneAtATime.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            var resetsBefore = Interlocked.Read(ref resets);
            if (signer is { } other && now < other.RetiredAt) return other.Credentials;

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
            var newest = await Newest(db, ct); // read before the current key: a key that another host creates now has the next number
            var key = await db.SigningKeys.AsNoTracking().Where(k => k.SignsFrom <= now && k.RetiredAt > now)
                .OrderByDescending(k => k.Number).FirstOrDefaultAsync(ct);
            key ??= await Begin(db, newest + 1, signsFrom: now, ct);
            var opened = Open(key);
            signer = opened;
            if (Interlocked.Read(ref resets) != resetsBefore) signer = null;
            return opened.Credentials;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>
    /// Loads the public key that a token's header names, unless it is cached and the cache is fresh. False when no such key is trusted.
    /// </summary>
    public async ValueTask<bool> Load(string kid, CancellationToken ct)
    {
        var resetsBefore = Interlocked.Read(ref resets);
        if (freshness.Holds && trusted.TryGetValue(kid, out var known) && known.Resets == resetsBefore
            && clock.GetUtcNow() < known.ExpiresAt)
            return true;
        if (!kid.StartsWith(SigningKey.IdPrefix, StringComparison.Ordinal) || kid.Length > Ids.MaxLength) return false;

        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<AuthDb>().SigningKeys
            .Where(k => k.Id == kid).Select(k => new { k.PublicKey, k.ExpiresAt }).SingleOrDefaultAsync(ct);
        if (found is null)
        {
            trusted.TryRemove(kid, out _);
            return false;
        }

        var read = new Trusted(Public(kid, found.PublicKey), found.ExpiresAt, resetsBefore);
        // keeps an entry that was read after a later reset
        var newest = trusted.AddOrUpdate(kid, read, (_, other) => other.Resets > resetsBefore ? other : read);
        return clock.GetUtcNow() < newest.ExpiresAt;
    }

    /// <summary>
    /// A loaded public key that may still have signed a valid token. A reset does not remove it: the request that loaded the key continues
    /// with it, and the next request loads it again.
    /// </summary>
    public SecurityKey? Find(string kid) =>
        trusted.TryGetValue(kid, out var key) && clock.GetUtcNow() < key.ExpiresAt ? key.Key : null;

    private static async Task<int> Newest(AuthDb db, CancellationToken ct) => await db.SigningKeys.MaxAsync(k => (int?)k.Number, ct) ?? 0;

    /// <summary>Creates the key with this number, or loads it if another host created it at the same moment.</summary>
    public async Task<SigningKey> Begin(AuthDb db, int number, DateTimeOffset signsFrom, CancellationToken ct)
    {
        var key = Next(number, signsFrom);
        db.SigningKeys.Add(key);
        try
        {
            await db.SaveChangesAsync(ct);
            return key;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return await db.SigningKeys.AsNoTracking().SingleAsync(k => k.Number == number, ct);
        }
    }

    /// <summary>Makes every key be read again, because keys were retired early or are distrusted.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref resets);
        signer = null;
    }

    /// <summary>Generates a key without storing it.</summary>
    public SigningKey Next(int number, DateTimeOffset signsFrom)
    {
        var now = clock.GetUtcNow();
        return SigningKey.Begin(Draw(number, now), signsFrom, options.TokenLifetime, now);
    }

    private SigningPair Draw(int number, DateTimeOffset now)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Ids.New(SigningKey.IdPrefix, now);
        var pkcs8 = pair.ExportPkcs8PrivateKey();
        var sealedPkcs8 = box.Seal(pkcs8, SigningKey.Subject(id));
        CryptographicOperations.ZeroMemory(pkcs8);
        return new SigningPair(id, number, pair.ExportSubjectPublicKeyInfo(), sealedPkcs8);
    }

    private Signer Open(SigningKey key)
    {
        var pair = ECDsa.Create();
        var pkcs8 = box.Open(key.SealedPrivateKey, SigningKey.Subject(key.Id));
        pair.ImportPkcs8PrivateKey(pkcs8, out _);
        CryptographicOperations.ZeroMemory(pkcs8);
        var credentials = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = key.Id }, SecurityAlgorithms.EcdsaSha256);
        return new Signer(credentials, key.RetiredAt);
    }

    private static ECDsaSecurityKey Public(string kid, byte[] publicKey)
    {
        var pair = ECDsa.Create();
        pair.ImportSubjectPublicKeyInfo(publicKey, out _);
        return new ECDsaSecurityKey(pair) { KeyId = kid };
    }

    public void Dispose() => oneAtATime.Dispose();

    private sealed record Signer(SigningCredentials Credentials, DateTimeOffset RetiredAt);

    /// <param name="Key">The public key.</param>
    /// <param name="ExpiresAt">Its expiry at the time of the read.</param>
    /// <param name="Resets">The number of resets before the read began.</param>
    private sealed record Trusted(SecurityKey Key, DateTimeOffset ExpiresAt, long Resets);
}
