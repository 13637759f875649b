using System.Collections.Frozen;

namespace Aegis.Auth.Access.Permissions;

/// <summary>What a user's role allows. A key never has more scopes than the current role of its user.</summary>
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
    private static readonly FrozenSet<string> WithoutRole = Presets.ReadOnly.Scopes.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The scopes that a user with this role can have at most. A user without a role may only read.</summary>
    public static IReadOnlySet<string> Cap(string? role) => role switch
    {
        Admin => ScopeCatalogue.All,
        Operator => OfOperator,
        _ => WithoutRole,
    };

    /// <summary>The scopes of <paramref name="scopes"/> that the role allows.</summary>
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
