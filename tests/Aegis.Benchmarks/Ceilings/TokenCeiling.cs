using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Benchmarks.Ceilings;

/// <summary>Signs a token like Aegis does, with the same algorithm, library, claims and length.</summary>
public sealed class TokenSigner
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials credentials = new(
        new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "sgk_01kaksrt6nft4rcb2amcyc1xjy" },
        SecurityAlgorithms.EcdsaSha256);

    public string Sign()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "http://localhost:8012/realms/aegis-system",
            Audience = "aegis",
            IssuedAt = now,
            Expires = now.AddMinutes(15),
            TokenType = "at+jwt",
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "key_01kaksrt6nft4rcb2amcyc1xjy",
                ["sid"] = "ses_01kaksrt6nft4rcb2amcyc1xjy",
                ["akid"] = "key_01kaksrt6nft4rcb2amcyc1xjy",
                ["tenant"] = "org_123",
                ["scope"] = "audit:read partnership:read study:dispute study:open study:read study:request",
                ["role"] = "clinician",
            },
            SigningCredentials = credentials,
        });
    }
}

/// <summary>An MVC action that only signs a token.</summary>
[ApiController]
[Route("token")]
public sealed class TokenCeilingController(TokenSigner signer) : ControllerBase
{
    [HttpPost]
    public object Exchange() => new { access_token = signer.Sign(), token_type = "Bearer", expires_in = 900 };
}
