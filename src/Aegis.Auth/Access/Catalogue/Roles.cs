using System.Collections.Frozen;

namespace Aegis.Auth.Access.Catalogue;

/// <summary>What a user's role allows. A key never holds more than the role its user has at this moment.</summary>
internal static class Roles
{
    public const string Operator = "aegis:operator";
    public const string Admin = Caller.Admin;

    private static readonly string[] AdminOnly =
    [
        "node:register", "node:deregister", "node:drain", "node:shutdown",
        "stack:up", "stack:down", "stack:restart", "stack:update", "stack:uninstall",
        "tenant:onboard", "tenant:provision",
    ];

    private static readonly FrozenSet<string> OfOperator = ScopeCatalogue.All.Except(AdminOnly).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> OfNobody = Presets.ReadOnly.Scopes.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The most that a key of a user with this role may do; a user without a role may only read.</summary>
    public static IReadOnlySet<string> Cap(string? role) => role switch
    {
        Admin => ScopeCatalogue.All,
        Operator => OfOperator,
        _ => OfNobody,
    };

    /// <summary>The scopes that remain of <paramref name="scopes"/> under the role.</summary>
    public static HashSet<string> Limit(IEnumerable<string> scopes, string? role)
    {
        var cap = Cap(role);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in scopes)
        {
            if (cap.Contains(ScopeCatalogue.Whole(scope))) kept.Add(scope);
        }

        return kept;
    }
}
