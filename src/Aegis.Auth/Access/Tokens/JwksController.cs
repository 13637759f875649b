using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.Access.Tokens;

/// <summary>The public keys of access tokens.</summary>
[ApiController]
[AllowAnonymous]
[Tags("Identity")]
internal sealed class JwksController(AuthDb db, TimeProvider clock) : ControllerBase
{
    /// <summary>The keys that may have signed a valid access token, as a JSON Web Key Set (RFC 7517).</summary>
    [HttpGet("/.well-known/jwks.json")]
    [HttpGet($"{AuthOptions.Realm}/protocol/openid-connect/certs")]
    [ResponseCache(Duration = 300)]
    public async Task<JwksResponse> List(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var keys = await db.SigningKeys
            .Where(k => k.ExpiresAt > now).OrderByDescending(k => k.Number).Select(k => new { k.Id, k.PublicKey }).ToListAsync(ct);
        return new JwksResponse(keys.ConvertAll(k => Jwk.From(k.Id, k.PublicKey)));
    }
}

/// <param name="Keys">Newest first.</param>
internal sealed record JwksResponse(IReadOnlyList<Jwk> Keys);

/// <summary>One P-256 public key (RFC 7518 §6.2).</summary>
/// <param name="Kty">Always <c>EC</c>.</param>
/// <param name="Use">Always <c>sig</c>.</param>
/// <param name="Alg">Always <c>ES256</c>.</param>
/// <param name="Kid">The <c>kid</c> in the header of tokens.</param>
/// <param name="Crv">Always <c>P-256</c>.</param>
/// <param name="X">Coordinate, base64url.</param>
/// <param name="Y">Coordinate, base64url.</param>
internal sealed record Jwk(string Kty, string Use, string Alg, string Kid, string Crv, string X, string Y)
{
    public static Jwk From(string kid, byte[] publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new Jwk("EC", "sig", SecurityAlgorithms.EcdsaSha256, kid, "P-256", Base64UrlEncoder.Encode(point.X),
            Base64UrlEncoder.Encode(point.Y));
    }
}
