namespace Aegis.Webhooks.Sending;

/// <summary>Dependencies that all senders of a host share.</summary>
internal sealed record EndpointSenderTools(
    IServiceScopeFactory Scopes, DueQueue Queue, Sender Sender, OutcomeWriter Writer, AttemptSlots Slots, WebhooksOptions Options,
    TimeProvider Clock, ILogger<EndpointSenderTools> Log)
{
    /// <summary>
    /// Stores an outcome that changes its endpoint. It retries because another host or caller may change the endpoint at the same time.
    /// </summary>
    public async Task RecordChange(Outcome outcome, Uri url)
    {
        const int max = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = Scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<EndpointOutcomes>().Record(outcome, url, CancellationToken.None);
                return;
            }
            catch (Microsoft.EntityFrameworkCore.DbUpdateException) when (attempt < max)
            {
                Webhooks.Log.JudgedAgain(Log, outcome.EndpointId);
            }
        }
    }
}
