namespace Aegis.Auth.Access.OAuth;

/// <summary>The value of the parameter <c>scope</c> (RFC 6749 §3.3).</summary>
/// <param name="Rights">Scopes of the catalogue, expanded and sorted; null when none was named, which asks for all that the user has.
/// </param>
/// <param name="OpenId">True if the program asks for an ID token too.</param>
internal sealed record AskedScopes(IReadOnlyList<string>? Rights, bool OpenId)
{
    public const string OpenIdScope = "openid";

    private const int MaxScopeLength = 4000;

    /// <summary>
    /// The accepted scopes of OpenID Connect Core §5.4 and §11. Every login gets a refresh token, and the ID token names its user.
    /// </summary>
    public static readonly IReadOnlyList<string> OpenIdScopes = [OpenIdScope, "offline_access", "profile", "email"];

    /// <summary>True when only OpenID scopes were sent.</summary>
    public bool IsOpenIdOnly { get; private init; }

    /// <exception cref="OAuthException">A scope is not in the catalogue.</exception>
    public static AskedScopes Of(OAuthForm form) => Of(form.Find(OAuthForm.Scope));

    /// <param name="text">The parameter; null when it was not sent.</param>
    /// <exception cref="OAuthException">A scope is not in the catalogue.</exception>
    public static AskedScopes Of(string? text)
    {
        if (text is null) return new AskedScopes(null, OpenId: false);
        if (text.Length > MaxScopeLength) throw Unknown("'scope' is longer than all scopes together. Ask for fewer scopes.");

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw Unknown("'scope' is empty. Send scopes of GET /v1/auth/scopes, separated by spaces, or leave scope out.");
        var rights = words.Except(OpenIdScopes, StringComparer.Ordinal).ToList();
        if (rights.Any(r => ScopeCatalogue.Find(r) is null))
            throw Unknown("A scope is not in GET /v1/auth/scopes. Leave it out, or leave scope out to get all scopes of the user.");
        return new AskedScopes(
            rights.Count == 0 ? null : [.. ScopeCatalogue.Expand(rights).Order(StringComparer.Ordinal)],
            words.Contains(OpenIdScope, StringComparer.Ordinal))
        { IsOpenIdOnly = rights.Count == 0 };
    }

    /// <summary>
    /// Limits the holder of an API key to the scopes asked for. OpenID scopes alone are refused: they describe a person, and a key belongs
    /// to a program. Ignoring them would give all rights to a client that asked for fewer.
    /// </summary>
    /// <exception cref="OAuthException">The scopes are more than the key has, or OpenID scopes only.</exception>
    public Caller Narrow(Caller holder)
    {
        if (IsOpenIdOnly)
            throw Unknown(
                "An API key cannot get OpenID scopes, which describe a person. Send scopes of GET /v1/auth/scopes, or leave scope out.");
        RequireWithin(holder.Scopes);
        return Rights is null ? holder : holder with { Scopes = Rights.ToHashSet(StringComparer.Ordinal) };
    }

    /// <summary>Refuses scopes that were not granted. A scope for one named object is within the whole scope.</summary>
    public void RequireWithin(IReadOnlySet<string> granted)
    {
        if (Rights is not null && !Rights.All(r => Access.Keys.Rights.Allows(granted, r))) throw OAuthException.InvalidScope();
    }

    private static OAuthException Unknown(string description) => new(StatusCodes.Status400BadRequest, "invalid_scope", description);
}
