using System.Collections.Frozen;

namespace Aegis.Auth.People.Users;

/// <summary>Reads users' rights from the database and not from a cache, so that a demotion takes effect at once.</summary>
internal sealed class UserRights(IServiceScopeFactory scopes) : IUserRights
{
    private static readonly IReadOnlySet<string> None = FrozenSet<string>.Empty;

    public async Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> Of(IReadOnlyCollection<string> userIds, CancellationToken ct)
    {
        if (userIds.Count == 0) return new Dictionary<string, IReadOnlySet<string>>();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var found = await db.Users.AsNoTracking().Where(u => userIds.Contains(u.Id) && u.DisabledAt == null)
            .Select(u => new { u.Id, u.Role }).ToDictionaryAsync(u => u.Id, u => Roles.Cap(u.Role), ct);
        return userIds.Distinct(StringComparer.Ordinal).ToDictionary(id => id, id => found.GetValueOrDefault(id) ?? None);
    }
}
