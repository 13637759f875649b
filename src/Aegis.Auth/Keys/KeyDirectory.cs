using Aegis.Contracts.Identity;

namespace Aegis.Auth.Keys;

/// <summary>Answers other modules from the keys as they stand.</summary>
internal sealed class KeyDirectory(KeyStandings standings, TimeProvider clock) : IKeyDirectory
{
    public async Task<bool> IsActive(string keyId, CancellationToken ct) =>
        await standings.Of(keyId, ct) is { } standing && standing.Refusal(clock.GetUtcNow()) is null;
}
