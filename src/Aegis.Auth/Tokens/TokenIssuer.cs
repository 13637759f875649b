using Aegis.Kernel.Callers;
using Aegis.Kernel.Http;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Refusals;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Tokens;

/// <summary>The <c>iss</c> of our tokens, known once the public address is.</summary>
internal sealed class Issuer(AuthOptions options, IPublicUrl publicUrl)
{
    public string Value => options.Issuer ?? publicUrl.Value + AuthOptions.Realm;
}

/// <summary>Issues access tokens.</summary>
internal sealed class TokenIssuer(SigningKeys keys, Issuer issuer, AuthOptions options, TimeProvider clock)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for the caller of an API key; it never outlives the key.</summary>
    public async Task<TokenResponse> Issue(Caller caller, CancellationToken ct)
    {
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds()); // claims are whole seconds
        var expiresAt = issuedAt + options.TokenLifetime;
        if (caller.ExpiresAt < expiresAt) expiresAt = DateTimeOffset.FromUnixTimeSeconds(caller.ExpiresAt.Value.ToUnixTimeSeconds());
        if (expiresAt <= issuedAt)
            throw Refuse.Unauthorized("api_key_expired", "This API key expires within a second. Use another one.");

        var scope = string.Join(' ', caller.Scopes.Order(StringComparer.Ordinal));
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = caller.Subject,
            [JwtRegisteredClaimNames.Sid] = Ids.New("ses", clock.GetUtcNow()), // sessions are listed by it, newest first
            [AccessToken.KeyClaim] = caller.KeyId!,
            [AccessToken.TenantClaim] = caller.OrganizationId,
            [AccessToken.ScopeClaim] = scope,
        };
        if (caller.Role is not null) claims[AccessToken.RoleClaim] = caller.Role;
        if (caller.Partners is not null) claims[AccessToken.PartnersClaim] = caller.Partners.Order(StringComparer.Ordinal).ToArray();

        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer.Value,
            Audience = AccessToken.Audience,
            IssuedAt = issuedAt.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            TokenType = AccessToken.Type,
            Claims = claims,
            SigningCredentials = await keys.Current(ct),
        });
        return new TokenResponse(token, "Bearer", (int)(expiresAt - issuedAt).TotalSeconds, scope);
    }
}
