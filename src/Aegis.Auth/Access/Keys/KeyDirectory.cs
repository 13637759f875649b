namespace Aegis.Auth.Access.Keys;

/// <summary>Tells other modules whether a key or login is still valid.</summary>
internal sealed class KeyDirectory(KeyStates states, LoginStates logins, TimeProvider clock) : IKeyDirectory
{
    public async Task<bool> IsActive(string credentialId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return credentialId.StartsWith(Session.Prefix, StringComparison.Ordinal)
            ? await logins.Of(credentialId, ct) is { } login && login.Refusal(now) is null
            : await states.Of(credentialId, ct) is { } key && key.Refusal(now) is null;
    }
}
