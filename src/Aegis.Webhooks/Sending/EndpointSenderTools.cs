namespace Aegis.Webhooks.Sending;

/// <summary>What all lanes of a host share.</summary>
internal sealed record EndpointSenderTools(
    IServiceScopeFactory Scopes, DueQueue Queue, Sender Sender, OutcomeWriter Writer, AttemptSlots Places, WebhooksOptions Options,
    TimeProvider Clock, ILogger<EndpointSenderTools> Log)
{
    /// <summary>Records an outcome that changes its endpoint, as often as it takes: two hosts or callers may change it at once.</summary>
    public async Task Judge(Outcome outcome, Uri url)
    {
        const int max = 5;
        for (var turn = 1; ; turn++)
        {
            try
            {
                await using var scope = Scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<EndpointOutcomes>().Record(outcome, url, CancellationToken.None);
                return;
            }
            catch (Microsoft.EntityFrameworkCore.DbUpdateException) when (turn < max)
            {
                Webhooks.Log.JudgedAgain(Log, outcome.EndpointId);
            }
        }
    }
}
