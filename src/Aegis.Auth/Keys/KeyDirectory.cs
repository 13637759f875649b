using Aegis.Auth.Sessions;
using Aegis.Contracts.Identity;

namespace Aegis.Auth.Keys;

/// <summary>Answers other modules from the keys and logins as they stand.</summary>
internal sealed class KeyDirectory(KeyStandings standings, LoginStandings logins, TimeProvider clock) : IKeyDirectory
{
    public async Task<bool> IsActive(string credentialId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return credentialId.StartsWith(Session.Prefix, StringComparison.Ordinal)
            ? await logins.Of(credentialId, ct) is { } login && login.Refusal(now) is null
            : await standings.Of(credentialId, ct) is { } key && key.Refusal(now) is null;
    }
}
