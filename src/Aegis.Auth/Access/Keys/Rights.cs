namespace Aegis.Auth.Access.Keys;

/// <summary>
/// What the credential of a call can hand on: the one rule that rights only shrink. Everything that makes a credential or widens access
/// asks it: keys, rotation, token grants, device approval, step-up, authenticators, users with their invitations, and first keys. It
/// measures the token that calls and not the key behind it, since a token is narrowed so that its holder can be trusted with less. The
/// end is that of the key, because each token of a key lives 15 minutes. A login that was narrowed hands on nothing that outlives it.
/// </summary>
/// <param name="Scopes">The scopes of the call.</param>
/// <param name="Partners">Partner organizations it is narrowed to, or null for all.</param>
/// <param name="EndsAt">When its key ends, or its login if that is narrowed; null for never.</param>
/// <param name="IsTest">True for a sandbox key, whose children work nowhere else either.</param>
/// <param name="IsNarrowed">True when the token has less than its key has now, or the login less than its person.</param>
internal sealed record Rights(
    IReadOnlySet<string> Scopes, IReadOnlySet<string>? Partners, DateTimeOffset? EndsAt, bool IsTest, bool IsNarrowed)
{
    /// <summary>A scope for one named object is within the whole scope, and never the other way round.</summary>
    public static bool Allows(IReadOnlySet<string> granted, string scope) =>
        granted.Contains(scope) || granted.Contains(ScopeCatalogue.Whole(scope));

    /// <summary>The rights of a call with this key, or of a person when there is none.</summary>
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

    /// <summary>The scopes of these that are not within the rights, sorted.</summary>
    public IReadOnlyList<string> Beyond(IEnumerable<string> scopes) =>
        [.. scopes.Where(s => !Allows(Scopes, s)).Order(StringComparer.Ordinal)];

    /// <summary>True when all of these partners are within the rights; null stands for every partner.</summary>
    private bool CoversPartners(IEnumerable<string>? partners) =>
        Partners is null || (partners is not null && partners.All(Partners.Contains));

    /// <summary>True when the rights last until then; null is for ever.</summary>
    public bool Outlasts(DateTimeOffset? end) => EndsAt is null || end <= EndsAt;

    /// <summary>Refuses to make another key with the rights of this one, unless it has nothing beyond them.</summary>
    /// <param name="key">The key whose place is taken.</param>
    /// <param name="scopes">What of its scopes counts.</param>
    public void RequireCover(ApiKey key, IEnumerable<string> scopes)
    {
        if (Beyond(scopes) is { Count: > 0 } beyond)
        {
            var names = string.Join(", ", beyond);
            throw Refuse.Forbidden(
                "scope_exceeds_creator", $"This key allows {names}, and the key or token you call with does not. Call with the key itself.")
                .With("scopes", beyond);
        }

        if (!CoversPartners(key.Partners) || (IsTest && !key.IsTest))
        {
            throw Refuse.Forbidden("scope_exceeds_creator",
                "This key may deal with more than the one you call with. Call with the key itself.");
        }

        if (!Outlasts(key.ExpiresAt))
        {
            throw Refuse.Forbidden("expiry_exceeds_parent",
                "This key lives longer than the key or login you call with. Call with the key itself.")
                .With("parentExpiresAt", EndsAt);
        }
    }

    /// <summary>Refuses to make or widen a user that may do more, or that stays when the credential of this call has ended.</summary>
    /// <param name="role">What the user is, or becomes.</param>
    /// <param name="lasts">True for what goes on without this credential: a user, an invitation, a first key.</param>
    public void RequireRole(string? role, bool lasts)
    {
        var beyond = Beyond(Roles.Cap(role));
        if (beyond.Count > 0 || Partners is not null)
        {
            throw Refuse.Forbidden(
                "scope_exceeds_creator", "The key or token you call with allows less than this role, so it cannot make or "
                    + "change such a user. Sign in, or use the organization's first key.")
                .With("scopes", beyond);
        }

        if (lasts && EndsAt is not null)
            throw Refuse.Forbidden("scope_exceeds_creator", "The key or login you call with ends, and what you ask for does "
                + "not. Sign in, or use the organization's first key.");
    }

    /// <summary>Refuses a narrowed token or login, for what no scope stands for.</summary>
    /// <param name="caller">Whose rights these are.</param>
    public void RequireWhole(Caller caller)
    {
        if (!IsNarrowed && Partners is null) return;
        throw caller.IsPerson()
            ? Refuse.Forbidden("login_narrowed", "This program was let in for less than you may do, so it does not decide by "
                + "what you are recognized. Sign in and enrol the authenticator at /settings/authenticator.")
            : Refuse.Forbidden("token_narrowed", "This token or key is narrowed, so it cannot change how its user signs in. "
                + "Use a key that is not narrowed, or sign in.");
    }
}

internal static class RightsQueries
{
    /// <summary>The rights of a call, from the database: what a host remembers of a key does not say what the key was made with.</summary>
    public static async Task<Rights> RightsOf(this AuthDb db, Caller caller, CancellationToken ct)
    {
        if (caller.KeyId is { } id) return RightsOf(caller, await db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == id, ct));
        var loginEnds = await db.Sessions.Where(s => s.Id == caller.SessionId)
            .Select(s => (DateTimeOffset?)s.ExpiresAt).SingleOrDefaultAsync(ct);
        return Rights.Of(caller, key: null, isTest: false, loginEnds ?? caller.ExpiresAt);
    }

    /// <summary>The rights of a call with a key that is loaded.</summary>
    public static Rights RightsOf(Caller caller, ApiKey key) =>
        Rights.Of(caller, new KeyGrant(key.Scopes, key.Partners, key.ExpiresAt), key.IsTest, loginEndsAt: null);
}
