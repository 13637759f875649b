using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Aegis.Auth.Access.OAuth;

/// <summary>A token that was sent as a parameter: its owner and what it allows now.</summary>
/// <param name="Caller">The caller that it authenticates.</param>
/// <param name="Claims">The claims of an access token; null for an API key.</param>
internal sealed record PresentedToken(Caller Caller, AccessToken? Claims);

/// <summary>Checks tokens that are sent as a parameter, by the same rules as the credential of a call.</summary>
internal sealed class PresentedTokens(KeyCheck keys, SigningKeys signingKeys, Admission admission, IOptionsMonitor<JwtBearerOptions> bearer)
{
    /// <summary>The token and what it allows now, or null if a call with it would be refused.</summary>
    public async Task<PresentedToken?> Find(string token, CancellationToken ct)
    {
        try
        {
            if (KeyText.IsWellFormed(token)) return new PresentedToken(await keys.Check(token, ct), Claims: null);
            return await Read(token, ct) is { } claims ? new PresentedToken(await admission.Admit(claims, ct), claims) : null;
        }
        catch (RefusedException)
        {
            return null; // the reason is told to the holder of the token only
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
    /// The key id in the token's header, or null if the text is not a token. CanReadToken only checks where the dots are, so reading may
    /// still throw.
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
