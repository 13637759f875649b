using Aegis.Auth.Tokens;

namespace Aegis.Auth.Revocation;

/// <summary>All that this host remembers about who may call.</summary>
internal sealed class Memories(KnownStandings known, SigningKeys signingKeys)
{
    public void Forget(IReadOnlyCollection<string> subjects)
    {
        known.Forget(subjects);
        if (subjects.Contains(StandingChange.Everybody)) signingKeys.ForgetAll();
    }

    public void ForgetAll() => Forget([StandingChange.Everybody]);
}
