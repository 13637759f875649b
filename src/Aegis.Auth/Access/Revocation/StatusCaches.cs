namespace Aegis.Auth.Access.Revocation;

/// <summary>Everything that this host caches to decide who may call.</summary>
internal sealed class StatusCaches(StatusCache known, SigningKeys signingKeys)
{
    public void Forget(IReadOnlyCollection<string> subjects)
    {
        known.Forget(subjects);
        if (subjects.Contains(StateChange.Everybody)) signingKeys.ForgetAll();
    }

    public void ForgetAll() => Forget([StateChange.Everybody]);
}
