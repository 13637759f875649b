namespace Aegis.Contracts.Identity;

/// <summary>Asks what users may do at this moment, for what goes on in their name when they are not there.</summary>
public interface IUserRights
{
    /// <summary>The scopes that the role of each user allows now; none for a user who is disabled or gone.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> Of(IReadOnlyCollection<string> userIds, CancellationToken ct);
}
