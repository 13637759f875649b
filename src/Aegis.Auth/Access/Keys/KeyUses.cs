using System.Collections.Concurrent;
using Aegis.Kernel.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Aegis.Auth.Access.Keys;

/// <summary>The last use of a key.</summary>
internal sealed record KeyUse(DateTimeOffset At, string? Address, string? Agent)
{
    public const int MaxAgentLength = 200;
}

/// <summary>
/// Collects the last use of each key in memory and stores it every few seconds, because a write on every request would make these the most
/// contended rows. A killed process loses what it had not stored; the audit trail loses nothing.
/// </summary>
internal sealed class KeyUses(IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeyUses> log) : PeriodicStore(clock)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private const int Batch = 200; // rows changed in one transaction, because it blocks every other writer

    private ConcurrentDictionary<string, KeyUse> unsaved = new(StringComparer.Ordinal);

    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    public void Note(string keyId, HttpContext context)
    {
        var now = Clock.GetUtcNow();
        if (unsaved.TryGetValue(keyId, out var noted) && now - noted.At < MinInterval) return;

        // some clients put their key into it
        var agent = KeyText.Shape().Replace(context.Request.Headers[HeaderNames.UserAgent].ToString(), "***");
        if (agent.Length > KeyUse.MaxAgentLength) agent = agent[..KeyUse.MaxAgentLength];
        unsaved[keyId] = new KeyUse(now, context.Connection.RemoteIpAddress?.ToString(), agent.Length == 0 ? null : agent);
    }

    /// <summary>Stores the uses collected since the last call.</summary>
    public override async Task Store(CancellationToken ct)
    {
        var noted = Interlocked.Exchange(ref unsaved, new ConcurrentDictionary<string, KeyUse>(StringComparer.Ordinal));
        foreach (var batch in noted.Chunk(Batch))
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
            await db.InTransaction(async () =>
            {
                var stored = 0;
                foreach (var (keyId, use) in batch)
                {
                    stored += await db.ApiKeys.Where(k => k.Id == keyId && (k.LastUsedAt == null || k.LastUsedAt < use.At))
                        .ExecuteUpdateAsync(
                            k => k.SetProperty(x => x.LastUsedAt, use.At).SetProperty(x => x.LastUsedFrom, use.Address)
                                .SetProperty(x => x.LastUsedBy, use.Agent),
                            ct);
                }

                return stored;
            }, ct);
        }
    }

    protected override void Failed(Exception failure) => Log.UsesNotStored(log, failure.GetType().Name);
}
