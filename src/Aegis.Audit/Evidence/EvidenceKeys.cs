using Aegis.Contracts.Evidence;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Sealing;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Audit.Evidence;

/// <summary>The key that signs evidence now, opened once and kept. The first need makes the first key.</summary>
internal sealed class EvidenceKeys(IServiceScopeFactory scopes, SealedBox box, IPublicUrl publicUrl, TimeProvider clock)
    : IEvidenceSigner, IDisposable
{
    /// <summary>A rotation on another host, or by the command, is seen after this time at the latest.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private const string NameEnd = "/aegis-audit";

    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private volatile Opened? opened;

    public async ValueTask<string> Sign(string text, CancellationToken ct) => SignedNote.Sign(text, await Current(ct));

    /// <summary>What signs now. Its name is the origin of the audit log.</summary>
    /// <exception cref="InvalidOperationException">There is no key yet, and no public address to name one after: see
    /// <see cref="IPublicUrl"/>.</exception>
    public async ValueTask<NoteSigner> Current(CancellationToken ct)
    {
        if (Fresh() is { } signer) return signer;

        // Whoever happens to need the first key did not ask for it: it belongs neither to that caller nor under that call's idempotency
        // key.
        Task<NoteSigner> loading;
        using (ExecutionContext.SuppressFlow()) loading = Task.Run(() => Load(ct), ct);
        return await loading;
    }

    private async Task<NoteSigner> Load(CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            if (Fresh() is { } meanwhile) return meanwhile;

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AuditDb>();
            var now = clock.GetUtcNow();
            var keys = await db.EvidenceKeys.AsNoTracking().Where(k => k.DistrustedAt == null).OrderByDescending(k => k.Number)
                .ToListAsync(ct);

            // A clock that was put back may stand before all keys; the oldest is as good then, and no reason for another.
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

    /// <summary>Draws a key without storing it.</summary>
    /// <param name="newest">The key before it, whose name it keeps; null for the first.</param>
    /// <param name="signsFrom">When it begins to sign.</param>
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
    /// Host and, unless it is the scheme's own, port of the public address: a name without a scheme, as the origins of logs are.
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
        return age >= TimeSpan.Zero && age < LookAgain ? opened?.Signer : null;
    }

    /// <summary>Draws the first key, or takes the one that another host drew in the same moment.</summary>
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
                : throw new CryptographicException($"The public half of the evidence key {key.Id} was changed in the database.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private sealed record Opened(string KeyId, NoteSigner Signer, DateTimeOffset ReadAt);
}
