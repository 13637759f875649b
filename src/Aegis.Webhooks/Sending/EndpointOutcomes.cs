using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Records the outcomes that change the endpoint itself: a ping that was answered enables it, 410 disables it. Outcome, change, event and
/// audit entry are one transaction.
/// </summary>
internal sealed class EndpointOutcomes(WebhooksDb db, SealedBox box, TimeProvider clock)
{
    /// <summary>True for outcomes that are to come here.</summary>
    public static bool Concern(Outcome outcome) => outcome.IsGone || (outcome.IsSuccess && outcome.Delivery.Type == Delivery.Ping);

    /// <param name="outcome">What came of the attempt.</param>
    /// <param name="url">Where it was sent: what another address answered proves nothing.</param>
    /// <param name="ct">Stops.</param>
    public async Task Record(Outcome outcome, Uri url, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await using (var statements = new OutcomeStatements(db, transaction.GetDbTransaction()))
        {
            if (await statements.Settle(outcome)) await statements.Note(outcome);
            if (outcome.IsSuccess) await statements.Answers(outcome);
            else await statements.Fails(outcome);
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
