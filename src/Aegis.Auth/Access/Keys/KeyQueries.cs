namespace Aegis.Auth.Access.Keys;

internal static class KeyQueries
{
    /// <summary>The keys of the caller's user; for an admin, those of the whole organization.</summary>
    public static IQueryable<ApiKey> VisibleTo(this IQueryable<ApiKey> keys, Caller caller)
    {
        keys = keys.Where(k => k.OrganizationId == caller.OrganizationId);
        return caller.Role == Roles.Admin ? keys : keys.Where(k => k.UserId == caller.UserId);
    }

    public static IQueryable<ApiKey> WithStatus(this IQueryable<ApiKey> keys, KeyStatus? status, DateTimeOffset now) => status switch
    {
        KeyStatus.Active => keys.Where(k => k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now)),
        KeyStatus.Expired => keys.Where(k => k.RevokedAt == null && k.ExpiresAt <= now),
        KeyStatus.Revoked => keys.Where(k => k.RevokedAt != null),
        _ => keys,
    };

    /// <summary>The key and all its descendants that are not revoked yet, level by level.</summary>
    public static async Task<List<ApiKey>> Family(this AuthDb db, ApiKey key, CancellationToken ct)
    {
        var family = new List<ApiKey> { key };
        for (var parents = new List<string> { key.Id }; parents.Count > 0;)
        {
            var children = await db.ApiKeys.Where(k => parents.Contains(k.ParentId!) && k.RevokedAt == null).ToListAsync(ct);
            family.AddRange(children);
            parents = children.ConvertAll(k => k.Id);
        }

        return family;
    }

    /// <summary>
    /// Refuses keys that were created with another key or by a person, and tokens of such keys. They are stored in pipelines and on other
    /// people's machines, and anyone who finds one must not be able to change how a user signs in. A person who logged in is accepted.
    /// </summary>
    public static async Task RequireOriginalKey(this AuthDb db, Caller caller, CancellationToken ct)
    {
        if (caller.IsPerson() || await db.ApiKeys.AnyAsync(k => k.Id == caller.KeyId && k.ParentId == null && !k.IsMadeByPerson, ct))
            return;
        throw Refuse.Forbidden("key_not_original",
            "A key created with another key or on a page cannot do this. Sign in, or use the organization's first key.");
    }

    /// <summary>
    /// The same for the caller's own authenticator. A user who can log in must do so, because a key does not prove that the person calls.
    /// </summary>
    public static async Task RequireOwnHand(this AuthDb db, Caller caller, CancellationToken ct)
    {
        await db.RequireOriginalKey(caller, ct);
        if (!caller.IsPerson() && await db.Users.AnyAsync(u => u.Id == caller.UserId && u.PasswordHash != null, ct))
            throw Refuse.Forbidden("key_not_original",
                "This user has a password, so a key cannot enrol the authenticator. Sign in and enrol it at /settings/authenticator, "
                    + "or use a token of a device login.");
    }

    /// <summary>True for a person who logged in, false for a key.</summary>
    public static bool IsPerson(this Caller caller) => caller is { KeyId: null, UserId: not null };

    /// <summary>True for a person, or for a program with all rights of the person.</summary>
    public static bool IsWholePerson(this Caller caller) =>
        caller.IsPerson() && Roles.Cap(caller.Role).All(s => caller.Scopes.Contains(s) || caller.Withheld?.Contains(s) is true);

    /// <summary>True when the key was created with <paramref name="above"/>, or with a key that was.</summary>
    public static async Task<bool> IsBelow(this AuthDb db, ApiKey key, string above, CancellationToken ct)
    {
        var parent = key.ParentId;
        while (parent is not null && parent != above)
            parent = await db.ApiKeys.Where(k => k.Id == parent).Select(k => k.ParentId).SingleAsync(ct);
        return parent is not null;
    }
}
