namespace Aegis.Webhooks.Endpoints;

/// <summary>
/// Seals the addresses that version 0.1.0 stored in plain text. A migration cannot do it because it has no key. A row is written only if
/// its address has not changed since it was read. Its revision stays, so no If-Match fails. A second run, or another host, finds nothing to
/// do.
/// </summary>
internal sealed class SealAddressesJob(WebhooksDb db, SealedBox box) : IRecurringJob
{
    private const int Batch = 200;

    public static string Name => "webhooks.seal_addresses";

    public static string Cron => "15 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var after = "";
        List<PlainAddress> found;
        do
        {
            found = await db.Endpoints.AsNoTracking().Where(e => e.SealedUrl == null && string.Compare(e.Id, after) > 0)
                .OrderBy(e => e.Id).Take(Batch).Select(e => new PlainAddress(e.Id, e.Url)).ToListAsync(ct);
            foreach (var one in found)
            {
                var message = box.SealText(one.Url, WebhookEndpoint.Address(one.Id));
                await db.Endpoints.Where(e => e.Id == one.Id && e.SealedUrl == null && e.Url == one.Url)
                    .ExecuteUpdateAsync(e => e.SetProperty(x => x.SealedUrl, message).SetProperty(x => x.Url, ""), ct);
            }

            if (found.Count > 0) after = found[^1].Id;
        }
        while (found.Count == Batch);
    }

    private sealed record PlainAddress(string Id, string Url)
    {
        public override string ToString() => Id;
    }
}
