namespace Aegis.Contracts.Identity;

/// <summary>Makes the first way into an installation that nobody can call yet.</summary>
public interface IFounding
{
    /// <summary>Makes the platform's organization, its admin and that admin's key; returns the key, which is shown nowhere else.</summary>
    /// <returns>The key, or why there is none to make.</returns>
    Task<FoundingKey> Found(string name, string email, CancellationToken ct);
}

/// <param name="Key">The key, or null.</param>
/// <param name="Obstacle">A sentence that says why no key was made, or null.</param>
public sealed record FoundingKey(string? Key, string? Obstacle)
{
    public override string ToString() => "***";
}
