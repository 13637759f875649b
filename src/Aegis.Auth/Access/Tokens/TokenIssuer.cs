using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Access.Tokens;

/// <summary>The <c>iss</c> of the tokens. It may depend on the public address, which is known only after the start.</summary>
internal sealed class Issuer(AuthOptions options, IPublicUrl publicUrl)
{
    public string Value => options.Issuer ?? publicUrl.Value + AuthOptions.Realm;
}

/// <summary>
/// Issues access tokens and ID tokens. <see cref="TokenController"/> and the OAuth grants call it; <see cref="SigningKeys"/> gives it the
/// key to sign with. <see cref="SigningKeyRotation"/> replaces that key, by its job or by <see cref="SigningKeysController"/>, and
/// <see cref="JwksController"/> publishes the public keys. <see cref="AccessToken"/> reads the claims back. Issuing fails when the key
/// or login behind the token has expired, and when the database is lost while no signing key is cached.
/// </summary>
internal sealed class TokenIssuer(SigningKeys keys, Issuer issuer, AuthOptions options, TimeProvider clock)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>
    /// Issues a token for an API key, with a new session id, or for a person, with the id of the login. It never outlives the key or the
    /// login.
    /// </summary>
    /// <param name="caller">The owner of the token, with the scopes that the token gets.</param>
    /// <param name="client">The client that asked for it: the id of the key, or the program of the login.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    public async Task<TokenResponse> Issue(Caller caller, string client, CancellationToken ct)
    {
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds()); // claims are whole seconds
        var expiresAt = issuedAt + options.TokenLifetime;
        if (caller.ExpiresAt < expiresAt) expiresAt = DateTimeOffset.FromUnixTimeSeconds(caller.ExpiresAt.Value.ToUnixTimeSeconds());
        if (expiresAt <= issuedAt)
            throw caller.KeyId is null
                ? Refuse.Unauthorized("session_ended", "This login has ended. Log in again.")
                : Refuse.Unauthorized("api_key_expired", "This API key expires within a second. Use another one.");

        var scope = string.Join(' ', caller.Scopes.Order(StringComparer.Ordinal));
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = caller.Subject,
            [JwtRegisteredClaimNames.Jti] = Ids.New("jti", clock.GetUtcNow()),
            // contains the time, so that sessions can be listed newest first
            [JwtRegisteredClaimNames.Sid] = caller.SessionId ?? Ids.New("ses", clock.GetUtcNow()),
            [AccessToken.TenantClaim] = caller.OrganizationId,
            [AccessToken.ScopeClaim] = scope,
            [AccessToken.ClientClaim] = client,
        };
        if (caller.KeyId is not null) claims[AccessToken.KeyClaim] = caller.KeyId;
        if (caller.Role is not null) claims[AccessToken.RoleClaim] = caller.Role;
        if (caller.Partners is not null) claims[AccessToken.PartnersClaim] = caller.Partners.Order(StringComparer.Ordinal).ToArray();

        var token = await Write(AccessToken.Audience, AccessToken.Type, claims, issuedAt, expiresAt, ct);
        return new TokenResponse(token, "Bearer", (int)(expiresAt - issuedAt).TotalSeconds, scope);
    }

    /// <summary>
    /// Issues the ID token, which tells a program who logged in (OpenID Connect Core §2). Its <c>typ</c> and audience prevent its use as
    /// an access token.
    /// </summary>
    public async Task<string> IssueIdToken(Caller caller, Session login, string email, CancellationToken ct)
    {
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = login.UserId,
            [JwtRegisteredClaimNames.Sid] = login.Id,
            [JwtRegisteredClaimNames.AuthTime] = login.CreatedAt.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Amr] = (login.AuthMethod ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            [JwtRegisteredClaimNames.Name] = caller.Name,
            [JwtRegisteredClaimNames.Email] = email,
            [AccessToken.TenantClaim] = login.OrganizationId,
        };
        if (caller.Role is not null) claims[AccessToken.RoleClaim] = caller.Role;
        return await Write(login.Client!, "JWT", claims, issuedAt, issuedAt + options.TokenLifetime, ct);
    }

    private async Task<string> Write(
        string audience, string type, Dictionary<string, object> claims, DateTimeOffset issuedAt, DateTimeOffset expiresAt,
        CancellationToken ct) =>
        Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer.Value,
            Audience = audience,
            IssuedAt = issuedAt.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            TokenType = type,
            Claims = claims,
            SigningCredentials = await keys.Current(ct),
        });
}
