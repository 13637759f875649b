using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Serving;

/// <summary>
/// Cuts the streams of this host whose right to run has ended on any host: window over, partnership or transfer suspended, transfer
/// destroyed, key revoked, or login ended. The documented limit is 250 ms, so it checks ten times a second. Without running streams it
/// does not query the database.
/// </summary>
internal sealed class CutStreams(LiveStreams streams, IServiceScopeFactory scopes, TimeProvider clock, ILogger<CutStreams> log)
    : Worker(clock)
{
    private const int Batch = 500; // ids in one query

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(100);

    protected override async Task<bool> Work(CancellationToken ct)
    {
        if (streams.IsEmpty) return false;
        CutAtWindowEnd();
        await CutEnded(ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.CutFailed(log, failure.GetType().Name, failure);

    /// <summary>Needs no database, so that windows end on time even if the database is down.</summary>
    private void CutAtWindowEnd()
    {
        var now = Clock.GetUtcNow();
        foreach (var stream in streams.All().Where(s => now >= s.WindowEnd)) stream.Cut("window_end");
    }

    private async Task CutEnded(CancellationToken ct)
    {
        var running = streams.All();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        var partnerships = scope.ServiceProvider.GetRequiredService<IPartnerships>();
        foreach (var ids in running.Select(s => s.TransferId).Distinct().Chunk(Batch))
        {
            var open = await db.Transfers.Where(t => ids.Contains(t.Id) && t.Status == TransferStatus.Open)
                .Select(t => new { t.Id, t.ConsumerId, t.ProviderId }).ToListAsync(ct);
            foreach (var ended in ids.Except(open.Select(t => t.Id))) streams.CutTransfer(ended, "transfer_ended");
            foreach (var partners in open.GroupBy(t => (t.ConsumerId, t.ProviderId)))
            {
                if (await partnerships.Find(partners.Key.ConsumerId, partners.Key.ProviderId, ct) is not null) continue;
                foreach (var transfer in partners) streams.CutTransfer(transfer.Id, "transfer_suspended");
            }
        }

        var keys = scope.ServiceProvider.GetRequiredService<IKeyDirectory>();
        foreach (var credential in running.Select(s => s.CredentialId).OfType<string>().Distinct())
        {
            if (!await keys.IsActive(credential, ct)) streams.CutCredential(credential, "key_revoked");
        }
    }
}
