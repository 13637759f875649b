using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Stores outcomes that change the endpoint: an answered ping enables it, an HTTP 410 disables it. Outcome, change, event and audit entry
/// are one transaction.
/// </summary>
internal sealed class EndpointOutcomes(WebhooksDb db, SealedBox box, TimeProvider clock)
{
    /// <summary>True for outcomes that must be stored here.</summary>
    public static bool ChangesEndpoint(Outcome outcome) => outcome.IsGone || (outcome.IsSuccess && outcome.Delivery.Type == Delivery.Ping);

    /// <param name="outcome">Result of the attempt.</param>
    /// <param name="url">The address that was called. If the endpoint has another one now, the answer does not count.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task Record(Outcome outcome, Uri url, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await using (var statements = new OutcomeStatements(db, transaction.GetDbTransaction()))
        {
            if (await statements.Settle(outcome)) await statements.Note(outcome);
            if (outcome.IsSuccess) await statements.MarkAnswering(outcome);
            else await statements.MarkFailing(outcome);
        }

        var endpoint = await db.Endpoints.FirstOrDefaultAsync(e => e.Id == outcome.EndpointId, ct);
        if (endpoint is not null && endpoint.AddressOf(box) == url)
        {
            if (outcome.IsGone && endpoint.Status is not EndpointStatus.Disabled) endpoint.Disable(WebhookDisabled.Gone, clock.GetUtcNow());
            if (outcome.IsSuccess && endpoint.Status is EndpointStatus.Pending) endpoint.Enable(clock.GetUtcNow());
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
