using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Usage;

/// <summary>
/// Saves each use before the value is returned. All waiting uses go into one transaction, with one row for each credential, so a credential
/// that is read a thousand times a second costs a few rows.
/// </summary>
internal sealed class UseLedger(IServiceScopeFactory scopes, TimeProvider clock, ILogger<UseLedger> log) : GroupCommit<string>
{
    /// <summary>Returns when the use is saved; refuses with 503 <c>use_not_counted</c> when it cannot be.</summary>
    public Task Count(string credentialId, CancellationToken ct) => Add(credentialId, ct);

    protected override async Task Commit(List<string> batch)
    {
        var now = clock.GetUtcNow();
        var minute = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDb>();
        foreach (var uses in batch.GroupBy(id => id, StringComparer.Ordinal))
        {
            db.Uses.Add(new CredentialUse
            {
                Id = Ids.New("use", now),
                CredentialId = uses.Key,
                Minute = minute,
                LastAt = now,
                Uses = uses.Count(),
                IsJoined = false,
            });
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }

    protected override RefusedException Refusal() => Refuse.Unavailable(
        "use_not_counted", "The use of the value cannot be recorded now, so the value was not returned. Repeat the call.");

    protected override void Failed(Exception failure, int count) => Log.UsesNotStored(log, count, failure.GetType().Name);
}
