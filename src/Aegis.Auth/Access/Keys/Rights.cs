namespace Aegis.Auth.Access.Keys;

/// <summary>
/// The rights that the credential of a call can pass on. They never grow: no credential can create one that allows more. Everything that
/// creates a credential or widens access checks them: keys, rotation, token grants, device approval, step-up, authenticators, users with
/// their invitations, and first keys. The scopes are those of the calling token and not of its key, because a token is narrowed for a
/// holder that is trusted less. The expiry is that of the key, because a token of a key lives only 15 minutes. A narrowed login passes on
/// nothing that outlives it.
/// </summary>
/// <param name="Scopes">The scopes of the call.</param>
/// <param name="Partners">Partner organizations it is narrowed to, or null for all.</param>
/// <param name="EndsAt">When its key expires, or its login if that is narrowed; null for never.</param>
/// <param name="IsTest">True for a sandbox key, whose children work only in a sandbox too.</param>
/// <param name="IsNarrowed">True when the token has fewer rights than its key has now, or the login fewer than its person.</param>
internal sealed record Rights(
    IReadOnlySet<string> Scopes, IReadOnlySet<string>? Partners, DateTimeOffset? EndsAt, bool IsTest, bool IsNarrowed)
{
    /// <summary>True when the scope was granted. The whole scope includes the scope for one named object; the reverse is false.</summary>
    public static bool Allows(IReadOnlySet<string> granted, string scope) =>
        granted.Contains(scope) || granted.Contains(ScopeCatalogue.Whole(scope));

    /// <summary>The rights of a call with this key, or of a person when the key is null.</summary>
    public static Rights Of(Caller caller, KeyGrant? key, bool isTest, DateTimeOffset? loginEndsAt)
    {
        if (key is null)
        {
            var isNarrowed = !caller.IsWholePerson();
            return new Rights(caller.Scopes, caller.Partners, isNarrowed ? loginEndsAt : null, IsTest: false, isNarrowed);
        }

        var hasAll = Roles.Limit(key.Scopes, caller.Role).All(s => Allows(caller.Scopes, s) || caller.Withheld?.Contains(s) is true);
        var dealsWithAll = caller.Partners is null || (key.Partners is not null && key.Partners.All(caller.Partners.Contains));
        return new Rights(caller.Scopes, caller.Partners, key.ExpiresAt, isTest, !hasAll || !dealsWithAll);
    }

    /// <summary>Those of the scopes that the rights do not include, sorted.</summary>
    public IReadOnlyList<string> Beyond(IEnumerable<string> scopes) =>
        [.. scopes.Where(s => !Allows(Scopes, s)).Order(StringComparer.Ordinal)];

    /// <summary>True when the rights include all of these partners; null means every partner.</summary>
    private bool CoversPartners(IEnumerable<string>? partners) =>
        Partners is null || (partners is not null && partners.All(Partners.Contains));

    /// <summary>True when the rights last until <paramref name="end"/>; null means never ending.</summary>
    public bool Outlasts(DateTimeOffset? end) => EndsAt is null || end <= EndsAt;

    /// <summary>Refuses to replace a key that has more rights than these.</summary>
    /// <param name="key">The key that is replaced.</param>
    /// <param name="scopes">The scopes of that key that are checked.</param>
    public void RequireCover(ApiKey key, IEnumerable<string> scopes)
    {
        if (Beyond(scopes) is { Count: > 0 } beyond)
        {
            var names = string.Join(", ", beyond);
            throw Refuse.Forbidden(
                "scope_exceeds_creator", $"This key allows {names}; the key or token of this call does not. Call with the key itself.")
                .With("scopes", beyond);
        }

        if (!CoversPartners(key.Partners) || (IsTest && !key.IsTest))
        {
            throw Refuse.Forbidden("scope_exceeds_creator",
                "This key may deal with more partners than the key or token of this call. Call with the key itself.");
        }

        if (!Outlasts(key.ExpiresAt))
        {
            throw Refuse.Forbidden("expiry_exceeds_parent",
                "This key expires later than the key or login of this call. Call with the key itself.")
                .With("parentExpiresAt", EndsAt);
        }
    }

    /// <summary>Refuses to create or change a user with more rights, or one that outlasts the credential of this call.</summary>
    /// <param name="role">The present or future role of the user.</param>
    /// <param name="lasts">True for what outlasts this credential: a user, an invitation, a first key.</param>
    public void RequireRole(string? role, bool lasts)
    {
        var beyond = Beyond(Roles.Cap(role));
        if (beyond.Count > 0 || Partners is not null)
        {
            throw Refuse.Forbidden(
                "scope_exceeds_creator", "The key or token of this call allows less than this role, so it cannot create or "
                    + "change such a user. Sign in, or use the organization's first key.")
                .With("scopes", beyond);
        }

        if (lasts && EndsAt is not null)
            throw Refuse.Forbidden("scope_exceeds_creator", "The key or login of this call expires, and what you asked for does "
                + "not. Sign in, or use the organization's first key.");
    }

    /// <summary>Refuses a narrowed token or login, for actions that no scope covers.</summary>
    /// <param name="caller">The owner of these rights.</param>
    public void RequireWhole(Caller caller)
    {
        if (!IsNarrowed && Partners is null) return;
        throw caller.IsPerson()
            ? Refuse.Forbidden("login_narrowed", "This program has fewer rights than you, so it cannot change how you sign in. "
                + "Sign in and enrol the authenticator at /settings/authenticator.")
            : Refuse.Forbidden("token_narrowed", "This token or key is narrowed, so it cannot change how its user signs in. "
                + "Use a key that is not narrowed, or sign in.");
    }
}

internal static class RightsQueries
{
    /// <summary>The rights of a call, read from the database: a cached state does not contain what the key was created with.</summary>
    public static async Task<Rights> RightsOf(this AuthDb db, Caller caller, CancellationToken ct)
    {
        if (caller.KeyId is { } id) return RightsOf(caller, await db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == id, ct));
        var loginEnds = await db.Sessions.Where(s => s.Id == caller.SessionId)
            .Select(s => (DateTimeOffset?)s.ExpiresAt).SingleOrDefaultAsync(ct);
        return Rights.Of(caller, key: null, isTest: false, loginEnds ?? caller.ExpiresAt);
    }

    /// <summary>The rights of a call with a key that was loaded before.</summary>
    public static Rights RightsOf(Caller caller, ApiKey key) =>
        Rights.Of(caller, new KeyGrant(key.Scopes, key.Partners, key.ExpiresAt), key.IsTest, loginEndsAt: null);
}
