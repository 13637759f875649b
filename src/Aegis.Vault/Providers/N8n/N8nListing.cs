using System.Collections.Concurrent;

namespace Aegis.Vault.Providers.N8n;

/// <summary>
/// Caches for a moment which credentials n8n has. n8n has no call for a single one, so a test of all credentials would read the whole list
/// for each.
/// </summary>
internal sealed class N8nListing(N8nClient n8n, TimeProvider clock)
{
    private const int MaxItems = 1000; // organizations; above this, outdated entries are removed
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<N8nAccess, Read> reads = new();

    /// <summary>Whether n8n's list has the credential.</summary>
    public async Task<bool> Has(N8nAccess access, string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var read = reads.AddOrUpdate(access, _ => Begin(access, now), (_, present) => present.IsFresh(now) ? present : Begin(access, now));
        if (reads.Count > MaxItems)
        {
            foreach (var (key, old) in reads.Where(r => !r.Value.IsFresh(now))) reads.TryRemove(
                new KeyValuePair<N8nAccess, Read>(key, old));
        }

        try
        {
            return (await read.Ids.Value.WaitAsync(ct)).Contains(id);
        }
        catch (ProviderException)
        {
            reads.TryRemove(new KeyValuePair<N8nAccess, Read>(access, read));
            throw;
        }
    }

    private Read Begin(N8nAccess access, DateTimeOffset now) => new(now, new Lazy<Task<HashSet<string>>>(async () =>
        // Other callers wait for this read too, so one of them must not cancel it.
        (await n8n.Credentials(access, CancellationToken.None)).Select(c => c.Id).ToHashSet(StringComparer.Ordinal)));

    private sealed record Read(DateTimeOffset At, Lazy<Task<HashSet<string>>> Ids)
    {
        public bool IsFresh(DateTimeOffset now) => now >= At && now - At < Lifetime;
    }
}
