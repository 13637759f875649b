using System.Threading.Channels;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Refusals;
using Aegis.Vault.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aegis.Vault.Usage;

/// <summary>
/// Counts each use durably before the value is handed out. All uses that wait go into one transaction, one row for each credential,
/// so a credential that is read a thousand times a second costs a few rows.
/// </summary>
internal sealed class UseLedger(IServiceScopeFactory scopes, TimeProvider clock, ILogger<UseLedger> log) : BackgroundService
{
    private const int Capacity = 20_000;
    private const int MaxBatch = 2_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Channel<Use> queue = Channel.CreateBounded<Use>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Returns when the use is stored; refuses with 503 <c>use_not_counted</c> when it cannot be.</summary>
    public async Task Count(string credentialId, CancellationToken ct)
    {
        var use = new Use(credentialId);
        if (!queue.Writer.TryWrite(use)) throw NotCounted();
        try
        {
            await use.Stored.Task.WaitAsync(LongestWait, ct);
        }
        catch (TimeoutException)
        {
            throw NotCounted();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Use>();
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None)) // ends when the queue is completed: what waits is stored
        {
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var use)) batch.Add(use);
            try
            {
                await Store(batch);
                foreach (var use in batch) use.Stored.TrySetResult();
            }
            catch (Exception e)
            {
                Log.UsesNotStored(log, batch.Count, e.GetType().Name);
                foreach (var use in batch) use.Stored.TrySetException(NotCounted());
            }

            batch.Clear();
        }
    }

    private async Task Store(List<Use> batch)
    {
        var now = clock.GetUtcNow();
        var minute = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDb>();
        foreach (var uses in batch.GroupBy(u => u.CredentialId, StringComparer.Ordinal))
        {
            db.Uses.Add(new CredentialUse
            {
                Id = Ids.New("use", now), CredentialId = uses.Key, Minute = minute, LastAt = now, Uses = uses.Count(), IsJoined = false,
            });
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }

    private static RefusedException NotCounted() => Refuse.Unavailable(
        "use_not_counted", "The use of the value cannot be written down now, so the value is not given out. Repeat the call.");

    private sealed record Use(string CredentialId)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
