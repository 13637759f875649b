using Aegis.Auth.Persistence;
using Aegis.Contracts.Identity;

namespace Aegis.Auth.Keys;

/// <summary>Answers other modules from the keys as they stand.</summary>
internal sealed class KeyDirectory(AuthDb db, KeyStandings standings, TimeProvider clock) : IKeyDirectory
{
    public async Task<bool> IsActive(string keyId, CancellationToken ct) =>
        await standings.Of(db, keyId, ct) is { } standing && standing.Refusal(clock.GetUtcNow()) is null;
}
