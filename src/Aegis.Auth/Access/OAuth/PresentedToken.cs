using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aegis.Auth.Access.OAuth;

/// <summary>A token that somebody asks about: whose it is and what it allows now.</summary>
/// <param name="Caller">As whom it admits.</param>
/// <param name="Claims">What an access token says; null for an API key.</param>
internal sealed record PresentedToken(Caller Caller, AccessToken? Claims);

/// <summary>Checks tokens that are not the caller's own credential, by the same rules as if they were.</summary>
internal sealed class PresentedTokens(KeyCheck keys, SigningKeys signingKeys, Admission admission, IOptionsMonitor<JwtBearerOptions> bearer)
{
    /// <summary>The token with what it allows now, or null when it would be refused.</summary>
    public async Task<PresentedToken?> Find(string token, CancellationToken ct)
    {
        try
        {
            if (KeyText.IsWellFormed(token)) return new PresentedToken(await keys.Check(token, ct), Claims: null);
            return await Read(token, ct) is { } claims ? new PresentedToken(await admission.Admit(claims, ct), claims) : null;
        }
        catch (RefusedException)
        {
            return null; // why it is refused is its holder's business
        }
    }

    private async Task<AccessToken?> Read(string token, CancellationToken ct)
    {
        var options = bearer.Get(AuthModule.TokenScheme);
        var reader = (JsonWebTokenHandler)options.TokenHandlers[0];
        if (KeyIdOf(token, reader) is not { } keyId) return null;
        await signingKeys.Load(keyId, ct);
        var result = await reader.ValidateTokenAsync(token, options.TokenValidationParameters);
        return result.IsValid ? AccessToken.From((JsonWebToken)result.SecurityToken) : null;
    }
    /// <summary>
    /// The key that its header names, or null for what is no token: the reader promises to read whatever has dots at the right places, and
    /// throws.
    /// </summary>
    private static string? KeyIdOf(string token, JsonWebTokenHandler reader)
    {
        if (token.Length > reader.MaximumTokenSizeInBytes || !reader.CanReadToken(token)) return null;
        try
        {
            return reader.ReadJsonWebToken(token).Kid ?? "";
        }
        catch (ArgumentException) // also SecurityTokenMalformedException
        {
            return null;
        }
    }
}
