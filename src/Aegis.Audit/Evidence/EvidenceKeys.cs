using Aegis.Contracts.Evidence;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Sealing;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Audit.Evidence;

/// <summary>The key that signs evidence now, opened once and cached. If there is none, the first use creates it.</summary>
internal sealed class EvidenceKeys(IServiceScopeFactory scopes, SealedBox box, IPublicUrl publicUrl, TimeProvider clock)
    : IEvidenceSigner, IDisposable
{
    /// <summary>How long the key is cached. A rotation on another host, or by the command line, takes effect within this time.</summary>
    public static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(10);

    private const string NameEnd = "/aegis-audit";

    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private volatile Opened? opened;

    public async ValueTask<string> Sign(string text, CancellationToken ct) => SignedNote.Sign(text, await Current(ct));

    /// <summary>The key that signs now. Its name is the origin of the audit log.</summary>
    /// <exception cref="InvalidOperationException">There is no key yet, and no public address to name one after: see
    /// <see cref="IPublicUrl"/>.</exception>
    public async ValueTask<NoteSigner> Current(CancellationToken ct)
    {
        if (Fresh() is { } signer) return signer;

        // The caller that happens to need the first key did not ask for it. So it is created outside the call's context: it belongs neither
        // to that caller nor under the call's idempotency key.
        Task<NoteSigner> loading;
        using (ExecutionContext.SuppressFlow()) loading = Task.Run(() => Load(ct), ct);
        return await loading;
    }

    private async Task<NoteSigner> Load(CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            if (Fresh() is { } loaded) return loaded;

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AuditDb>();
            var now = clock.GetUtcNow();
            var keys = await db.EvidenceKeys.AsNoTracking().Where(k => k.DistrustedAt == null).OrderByDescending(k => k.Number)
                .ToListAsync(ct);

            // If the clock was set back, all keys may start in the future. Then the oldest one signs, rather than creating another.
            var key = keys.Find(k => k.SignsFrom <= now) ?? keys.LastOrDefault() ?? await BeginFirst(db, ct);
            if (opened?.KeyId != key.Id) opened = new Opened(key.Id, Open(key), now);
            else opened = opened with { ReadAt = now };
            return opened.Signer;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Creates a key without storing it.</summary>
    /// <param name="newest">The previous key, whose name is reused; null for the first key.</param>
    /// <param name="signsFrom">When it starts to sign.</param>
    public EvidenceKey Next(EvidenceKey? newest, DateTimeOffset signsFrom)
    {
        var now = clock.GetUtcNow();
        var id = Ids.New(EvidenceKey.IdPrefix, now);
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
        try
        {
            var signer = new NoteSigner(newest?.Name ?? NameOf(publicUrl.Value), seed);
            var pair = new EvidenceKeyPair(id, (newest?.Number ?? 0) + 1, signer.Verifier, box.Seal(seed, EvidenceKey.Subject(id)));
            return EvidenceKey.Begin(pair, signsFrom, now);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>
    /// Name of the log: host and, unless it is the scheme's default, port of the public address. Origins of logs have no scheme.
    /// </summary>
    internal static string NameOf(string publicUrl)
    {
        var address = new Uri(publicUrl);
        var host = address.HostNameType is UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        return (address.IsDefaultPort ? host : $"{host}:{address.Port}").ToLowerInvariant() + NameEnd;
    }

    public void Dispose() => oneAtATime.Dispose();

    private NoteSigner? Fresh()
    {
        var age = clock.GetUtcNow() - opened?.ReadAt;
        return age >= TimeSpan.Zero && age < CacheTime ? opened?.Signer : null;
    }

    /// <summary>Creates the first key, or returns the one that another host created at the same time.</summary>
    private async Task<EvidenceKey> BeginFirst(AuditDb db, CancellationToken ct)
    {
        var key = Next(newest: null, clock.GetUtcNow());
        db.EvidenceKeys.Add(key);
        try
        {
            await db.SaveChangesAsync(ct);
            return key;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return await db.EvidenceKeys.AsNoTracking().SingleAsync(k => k.Number == key.Number, ct);
        }
    }

    private NoteSigner Open(EvidenceKey key)
    {
        var seed = box.Open(key.SealedSeed, EvidenceKey.Subject(key.Id));
        try
        {
            var signer = new NoteSigner(key.Name, seed);
            return signer.Verifier.PublicKey.Span.SequenceEqual(key.PublicKey)
                ? signer
                : throw new CryptographicException($"The public key of the evidence key {key.Id} was changed in the database.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private sealed record Opened(string KeyId, NoteSigner Signer, DateTimeOffset ReadAt);
}
