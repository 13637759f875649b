using Aegis.Kernel.Jobs;

namespace Aegis.Studies.Metering;

/// <summary>
/// After an upgrade, reads the studies that release 0.1.0 stored, so that their tickets work again before the next open. A study that
/// cannot be read stays unchanged, and opening it is refused. Running twice, or on two hosts, stores the same result.
/// </summary>
internal sealed class AdoptViewRulesJob(StudiesDb db, ViewRules rules) : IRecurringJob
{
    private const int Batch = 20; // each study is read up to its last header
    private static readonly TransferStatus[] Living = [TransferStatus.Ready, TransferStatus.Open, TransferStatus.Suspended];

    public static string Name => "studies.adopt-view-rules";

    public static string Cron => "50 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        for (var after = ""; ;)
        {
            var ids = await db.Transfers
                .Where(t => t.ViewThreshold == null && Living.Contains(t.Status) && string.Compare(t.Id, after) > 0)
                .OrderBy(t => t.Id).Select(t => t.Id).Take(Batch).ToListAsync(ct);
            foreach (var id in ids) await Adopt(id, ct);
            if (ids.Count < Batch) return;
            after = ids[^1];
        }
    }

    private async Task Adopt(string id, CancellationToken ct)
    {
        try
        {
            await db.ChangeWithRetry(async () =>
            {
                var transfer = await db.Transfers.Include(t => t.Key).FirstAsync(t => t.Id == id, ct);
                if (transfer is { ViewThreshold: null, Key: not null }) transfer.Adopt(await rules.Read(transfer, ct));
                return true;
            }, ct);
        }
        catch (RefusedException)
        {
            // ViewRules has logged it. The other studies are still read.
        }

        db.ChangeTracker.Clear();
    }
}
