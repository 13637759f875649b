namespace Aegis.Contracts.Identity;

/// <summary>Creates the first access to a new installation.</summary>
public interface IFounding
{
    /// <summary>Creates the platform's organization, its admin and that admin's key. The key is not shown anywhere else.</summary>
    /// <returns>The key, or the reason why none was created.</returns>
    Task<FoundingKey> Found(string name, string email, CancellationToken ct);
}

/// <param name="Key">The key, or null.</param>
/// <param name="Obstacle">The reason why no key was created, or null.</param>
public sealed record FoundingKey(string? Key, string? Obstacle)
{
    public override string ToString() => "***";
}
