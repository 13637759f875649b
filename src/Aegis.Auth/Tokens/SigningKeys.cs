using System.Collections.Concurrent;
using System.Security.Cryptography;
using Aegis.Auth.Persistence;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Tokens;

/// <summary>The key that signs now and the keys that are trusted, loaded once and kept. The first need makes the first key.</summary>
internal sealed class SigningKeys(IServiceScopeFactory scopes, SealedBox box, AuthOptions options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly ConcurrentDictionary<string, Trusted> trusted = new(StringComparer.Ordinal);
    private volatile Signer? signer;

    /// <summary>What signs a token now.</summary>
    public async ValueTask<SigningCredentials> Current(CancellationToken ct)
    {
        if (signer is { } loaded && clock.GetUtcNow() < loaded.RetiredAt) return loaded.Credentials;

        await oneAtATime.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            if (signer is { } meanwhile && now < meanwhile.RetiredAt) return meanwhile.Credentials;

            using var scope = scopes.CreateScope();
            var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
            var key = await Newest(db, ct);
            if (key is null || key.RetiredAt <= now) key = await Begin(db, (key?.Number ?? 0) + 1, now, ct);
            return (signer = Open(key)).Credentials;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Loads the public key of a token's header unless it is there; false when there is none to trust.</summary>
    public async ValueTask<bool> Load(string kid, CancellationToken ct)
    {
        if (Find(kid) is not null) return true;
        if (!kid.StartsWith(SigningKey.IdPrefix, StringComparison.Ordinal) || kid.Length > Ids.MaxLength) return false;

        using var scope = scopes.CreateScope();
        var found = await scope.ServiceProvider.GetRequiredService<AuthDb>().SigningKeys
            .Where(k => k.Id == kid).Select(k => new { k.PublicKey, k.ExpiresAt }).SingleOrDefaultAsync(ct);
        if (found is not null) trusted.TryAdd(kid, new Trusted(Public(kid, found.PublicKey), found.ExpiresAt));
        return Find(kid) is not null;
    }

    /// <summary>A loaded public key that may still have signed a valid token.</summary>
    public SecurityKey? Find(string kid) =>
        trusted.TryGetValue(kid, out var key) && clock.GetUtcNow() < key.ExpiresAt ? key.Key : null;

    private static Task<SigningKey?> Newest(AuthDb db, CancellationToken ct) =>
        db.SigningKeys.AsNoTracking().OrderByDescending(k => k.Number).FirstOrDefaultAsync(ct);

    private async Task<SigningKey> Begin(AuthDb db, int number, DateTimeOffset now, CancellationToken ct)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Ids.New(SigningKey.IdPrefix, now);
        var key = SigningKey.Begin(
            id, number, pair.ExportSubjectPublicKeyInfo(), box.Seal(pair.ExportPkcs8PrivateKey(), SigningKey.Subject(id)), options.TokenLifetime, now);
        db.SigningKeys.Add(key);
        try
        {
            await db.SaveChangesAsync(ct);
            return key;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another host was first: its key has this number.
            db.ChangeTracker.Clear();
            return await db.SigningKeys.AsNoTracking().SingleAsync(k => k.Number == number, ct);
        }
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

    private sealed record Trusted(SecurityKey Key, DateTimeOffset ExpiresAt);
}
