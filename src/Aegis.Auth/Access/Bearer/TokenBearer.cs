using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Access.Bearer;

/// <summary>
/// Configures JwtBearer for the access tokens of Aegis: ES256 only, keys from the database, lifetime by the injected clock. There is no
/// clock skew, because all hosts belong to one installation and no <c>nbf</c> is issued that a slower clock could miss.
/// </summary>
internal sealed class TokenBearer(
    SigningKeys keys, Issuer issuer, ValidatedTokens validated, Admission admission, KeyUses uses, TimeProvider clock)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    private const int MaxTokenLength = 16 * 1024;

    private static readonly JsonWebTokenHandler Reader = new() { MaximumTokenSizeInBytes = MaxTokenLength };

    public void Configure(string? name, JwtBearerOptions options) => Configure(options);

    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(Reader);
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [AccessToken.Type],
            ValidAudience = AccessToken.Audience,
            IssuerValidator = (found, _, _) => found == issuer.Value ? found : throw new SecurityTokenInvalidIssuerException(),
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid) is { } key ? [key] : [],
            LifetimeValidator = (_, expires, _, _) =>
                clock.GetUtcNow() < new DateTimeOffset(expires ?? throw new SecurityTokenNoExpirationException(), TimeSpan.Zero),
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = Receive,
            OnTokenValidated = Remember,
            OnAuthenticationFailed = Explain,
        };
    }

    /// <summary>
    /// Admits a token that was validated before. Otherwise loads the key that its header names, because the key resolver of JwtBearer is
    /// synchronous and cannot query the database.
    /// </summary>
    private async Task Receive(MessageReceivedContext context)
    {
        context.Token = BearerText.Of(context.Request);
        if (context.Token is not { } token) return;

        var http = context.HttpContext;
        if (validated.Find(token) is { } known && await keys.Load(known.SigningKeyId, http.RequestAborted))
        {
            await Admit(context, known);
        }
        else if (Limit(http).Refusal(http) is { } refused)
        {
            http.Leave(refused);
            context.Fail(refused.Code);
        }
        else if (token.Length <= MaxTokenLength && Reader.CanReadToken(token) && KeyIdOf(token) is { Length: > 0 } kid)
        {
            await keys.Load(kid, http.RequestAborted);
        }
    }

    /// <summary>
    /// Limits each client address, because a token that is not cached costs up to one query and 0.2 ms for its signature.
    /// </summary>
    private static ILookupLimit Limit(HttpContext http) => http.RequestServices.GetRequiredService<ILookupLimit>();

    /// <summary>The key that the token's header names; null when the header cannot be read, which validation refuses later.</summary>
    private static string? KeyIdOf(string token)
    {
        try
        {
            return Reader.ReadJsonWebToken(token).Kid;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private async Task Remember(TokenValidatedContext context)
    {
        var claims = AccessToken.From((JsonWebToken)context.SecurityToken);
        validated.Remember(((JsonWebToken)context.SecurityToken).EncodedToken, claims);
        await Admit(context, claims);
    }

    private async Task Admit(ResultContext<JwtBearerOptions> context, AccessToken claims)
    {
        var http = context.HttpContext;
        try
        {
            var caller = await admission.Admit(claims, http.RequestAborted);
            if (claims.KeyId is not null) uses.Note(claims.KeyId, http);
            context.Principal = http.Enter(caller, context.Scheme.Name);
            context.Success();
        }
        catch (RefusedException refused)
        {
            http.Leave(refused);
            context.Fail(refused.Code);
        }
    }

    private static Task Explain(AuthenticationFailedContext context)
    {
        if (context.Exception.IsUnavailable()) return Task.CompletedTask; // rethrown: a 401 would make clients discard a good token
        Limit(context.HttpContext).Failed(context.HttpContext);
        context.HttpContext.Leave(context.Exception is SecurityTokenInvalidLifetimeException
            ? Refused.ExpiredToken()
            : Refused.InvalidToken());
        context.Fail(context.Exception);
        return Task.CompletedTask;
    }
}
