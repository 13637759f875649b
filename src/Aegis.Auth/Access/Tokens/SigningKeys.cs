using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Access.Tokens;

/// <summary>The key that signs now and the keys that are trusted, loaded once and kept. The first need makes the first key.</summary>
internal sealed class SigningKeys(
    IServiceScopeFactory scopes, SealedBox box, CacheFreshness freshness, AuthOptions options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly ConcurrentDictionary<string, Trusted> trusted = new(StringComparer.Ordinal);
    private volatile Signer? signer;
    private long forgettings;

    /// <summary>What signs a token now.</summary>
    public async ValueTask<SigningCredentials> Current(CancellationToken ct)
    {
        if (signer is { } loaded && clock.GetUtcNow() < loaded.RetiredAt) return loaded.Credentials;

        await oneAtATime.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            var mark = Interlocked.Read(ref forgettings);
            if (signer is { } meanwhile && now < meanwhile.RetiredAt) return meanwhile.Credentials;

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
            var newest = await Newest(db, ct); // before looking for one at work: one that another host draws now has the next number
            var key = await db.SigningKeys.AsNoTracking().Where(k => k.SignsFrom <= now && k.RetiredAt > now)
                .OrderByDescending(k => k.Number).FirstOrDefaultAsync(ct);
            key ??= await Begin(db, newest + 1, signsFrom: now, ct);
            var opened = Open(key);
            signer = opened;
            if (Interlocked.Read(ref forgettings) != mark) signer = null;
            return opened.Credentials;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>
    /// Loads the public key of a token's header unless it is there and can be believed; false when there is none to trust.
    /// </summary>
    public async ValueTask<bool> Load(string kid, CancellationToken ct)
    {
        var mark = Interlocked.Read(ref forgettings);
        if (freshness.Holds && trusted.TryGetValue(kid, out var known) && known.Mark == mark && clock.GetUtcNow() < known.ExpiresAt)
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

        var read = new Trusted(Public(kid, found.PublicKey), found.ExpiresAt, mark);
        // one that was read after a change stays
        var newest = trusted.AddOrUpdate(kid, read, (_, other) => other.Mark > mark ? other : read);
        return clock.GetUtcNow() < newest.ExpiresAt;
    }

    /// <summary>
    /// A public key that was loaded and may still have signed a valid token. It is there also when all was forgotten since: the call that
    /// loaded it goes on with what it knows, and the next one loads it anew.
    /// </summary>
    public SecurityKey? Find(string kid) =>
        trusted.TryGetValue(kid, out var key) && clock.GetUtcNow() < key.ExpiresAt ? key.Key : null;

    private static async Task<int> Newest(AuthDb db, CancellationToken ct) => await db.SigningKeys.MaxAsync(k => (int?)k.Number, ct) ?? 0;

    /// <summary>Draws the key with this number, or takes the one that another host drew in the same moment.</summary>
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

    /// <summary>Keys were retired early or are distrusted: all is read anew.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref forgettings);
        signer = null;
    }

    /// <summary>Draws a key without storing it.</summary>
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

    /// <param name="Key">The public half.</param>
    /// <param name="ExpiresAt">As it was when it was read.</param>
    /// <param name="Mark">How often all had been forgotten when the reading began.</param>
    private sealed record Trusted(SecurityKey Key, DateTimeOffset ExpiresAt, long Mark);
}
