namespace Aegis.Tests.Auth;

/// <summary>
/// The simplest model of a tree of keys: which key may create, rotate and revoke which, and what each key allows now.
/// </summary>
internal sealed class KeyModel
{
    public const int MaxChainDepth = 5;

    /// <summary>The scopes that the sequences use, limited by the role of the user.</summary>
    public static readonly string[] Scopes =
    [
        "key:create", "key:revoke", "key:read", "org:read", "org:write", "workflow:run", "workflow:run#nightly", "workflow:run#daily",
        "study:read", "audit:read", "agent:read", "stack:up", "stack:update",
    ];

    private static readonly string[] AdminOnly = ["stack:up", "stack:update"];
    private static readonly string[] WithoutRole = ["study:read", "audit:read", "agent:read"];

    public List<ModelKey> Keys { get; } = [];

    public List<ModelToken> Tokens { get; } = [];

    public static bool RoleAllows(string? role, string scope) => role switch
    {
        "aegis:admin" => true,
        "aegis:operator" => !AdminOnly.Contains(scope),
        _ => WithoutRole.Contains(scope),
    };

    public static HashSet<string> Allowed(ModelKey key) => [.. key.Scopes.Where(s => RoleAllows(key.User.Role, s))];

    public static HashSet<string> Allowed(ModelToken token) => [.. token.Scopes.Where(s => RoleAllows(token.Key.User.Role, s))];

    public static bool Covers(IReadOnlySet<string> creator, string scope) =>
        creator.Contains(scope) || creator.Contains(scope.Split('#')[0]);

    public static bool IsAlive(ModelKey key, DateTimeOffset now) => !key.IsRevoked && (key.ExpiresAt is null || now < key.ExpiresAt);

    public static bool Sees(ModelKey caller, ModelKey target) => caller.User == target.User || caller.User.Role == "aegis:admin";

    public static bool MayCreate(ModelKey caller, IReadOnlyCollection<string>? scopes, TimeSpan? lifetime, DateTimeOffset now) =>
        IsAlive(caller, now)
        && Allowed(caller) is var allowed
        && allowed.Contains("key:create")
        && (scopes is null || scopes.All(s => Covers(allowed, s)))
        && (lifetime is not null || caller.User.Role == "aegis:admin")
        && (EndsWithin(now + lifetime, caller.ExpiresAt) || caller.ExpiresAt - now >= TimeSpan.FromHours(1))
        && caller.Depth < MaxChainDepth;

    public static bool MayRotate(ModelKey caller, ModelKey target, DateTimeOffset now) =>
        IsAlive(caller, now)
        && Allowed(caller) is var allowed
        && allowed.Contains("key:create") && allowed.Contains("key:revoke")
        && (caller == target
            || (target.Above().Contains(caller) && target.Scopes.All(s => Covers(allowed, s))
                && EndsWithin(target.ExpiresAt, caller.ExpiresAt)))
        && IsAlive(target, now) && !target.IsReplaced;

    public static bool MayRevoke(ModelKey caller, ModelKey target, DateTimeOffset now) =>
        IsAlive(caller, now) && Allowed(caller).Contains("key:revoke") && Sees(caller, target);

    /// <summary>The successor keeps the children; the old key works until the overlap ends.</summary>
    public void Replaced(ModelKey target, ModelKey successor, TimeSpan overlap, DateTimeOffset now)
    {
        foreach (var key in Keys)
        {
            if (key.Parent == target) key.Parent = successor;
            if (key.MadeWith == target) key.MadeWith = successor;
        }

        target.IsReplaced = true;
        if (overlap == TimeSpan.Zero) target.IsRevoked = true;
        else if (!EndsWithin(target.ExpiresAt, now + overlap)) target.ExpiresAt = now + overlap;
        Keys.Add(successor);
    }

    public void Revoked(ModelKey target)
    {
        foreach (var key in Keys.Where(k => k == target || k.Above().Contains(target))) key.IsRevoked = true;
    }

    private static bool EndsWithin(DateTimeOffset? end, DateTimeOffset? limit) => limit is null || (end is not null && end <= limit);
}

internal sealed class ModelUser(string id, string? role)
{
    public string Id => id;

    public string? Role { get; set; } = role;
}

internal sealed class ModelKey
{
    public required string Id { get; init; }

    public required string Text { get; init; }

    public required ModelUser User { get; init; }

    public required HashSet<string> Scopes { get; init; }

    public required DateTimeOffset? ExpiresAt { get; set; }

    public ModelKey? Parent { get; set; }

    /// <summary>The key of the call that created this one. A key that rotated itself keeps the value of its predecessor.</summary>
    public ModelKey? MadeWith { get; set; }

    public int Depth { get; init; }

    public bool IsRevoked { get; set; }

    public bool IsReplaced { get; set; }

    public IEnumerable<ModelKey> Above()
    {
        for (var key = Parent; key is not null; key = key.Parent) yield return key;
    }
}

internal sealed record ModelToken(string Text, ModelKey Key, HashSet<string> Scopes, DateTimeOffset ExpiresAt);
