namespace Aegis.Contracts.Identity;

/// <summary>Reads what users may do now, for work that runs in their name when they are not signed in.</summary>
public interface IUserRights
{
    /// <summary>Returns the scopes of each user's role; no scopes for a user who is disabled or removed.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> Of(IReadOnlyCollection<string> userIds, CancellationToken ct);
}
