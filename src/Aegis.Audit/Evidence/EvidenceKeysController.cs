using Aegis.Kernel.Web.Http;
using Microsoft.AspNetCore.Authorization;

namespace Aegis.Audit.Evidence;

/// <summary>The public evidence keys.</summary>
[ApiController]
[AllowAnonymous]
[Tags("Audit")]
[Produces("application/json")]
internal sealed class EvidenceKeysController(AuditDb db, EvidenceKeys keys) : ControllerBase
{
    /// <summary>
    /// Lists all keys that have ever signed a checkpoint of the audit log, a certificate of destruction or a receipt. No key is ever
    /// removed.
    /// </summary>
    /// <remarks>
    /// With <c>Accept: text/plain</c> the answer is one verifier key per line. docs/evidence.md shows how to check signatures with OpenSSL
    /// and Go.
    /// </remarks>
    [HttpGet("/.well-known/aegis-evidence-keys")]
    [ResponseCache(Duration = 300, VaryByHeader = "Accept")]
    [ProducesResponseType<EvidenceKeysResponse>(StatusCodes.Status200OK)]
    public async Task<ActionResult<EvidenceKeysResponse>> List(CancellationToken ct)
    {
        await keys.Current(ct);
        var all = await db.EvidenceKeys.AsNoTracking().OrderByDescending(k => k.Number).ToListAsync(ct);
        if (Request.PrefersText()) return PlainText.Of(string.Concat(all.Select(k => $"{k.Verifier}\n")));
        return new EvidenceKeysResponse(all.ConvertAll(EvidenceKeyResponse.From));
    }
}

/// <param name="Keys">Newest first.</param>
internal sealed record EvidenceKeysResponse(IReadOnlyList<EvidenceKeyResponse> Keys);

/// <summary>One Ed25519 public key.</summary>
/// <param name="Id">evk_….</param>
/// <param name="Name">The name in signatures, and the origin of the audit log.</param>
/// <param name="Algorithm">Always <c>Ed25519</c>.</param>
/// <param name="VerifierKey">The key in the format of Go's note package and of tools for transparency logs.</param>
/// <param name="PublicKey">32 bytes, base64.</param>
/// <param name="Pem">SubjectPublicKeyInfo in PEM, for OpenSSL.</param>
/// <param name="Purposes">What it signs.</param>
/// <param name="CreatedAt">When it was published.</param>
/// <param name="SignsFrom">When it starts to sign.</param>
/// <param name="RetiredAt">When it stops signing, or null. Earlier signatures remain valid.</param>
/// <param name="DistrustedAt">
/// When the private key was reported as possibly known to others, or null. From then on its signatures count only if the audit log proves
/// that they existed before.
/// </param>
internal sealed record EvidenceKeyResponse(
    string Id, string Name, string Algorithm, string VerifierKey, string PublicKey, string Pem, IReadOnlyList<string> Purposes,
    DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? RetiredAt, DateTimeOffset? DistrustedAt)
{
    private static readonly string[] Signs = ["checkpoint", "certificate_of_destruction", "receipt"];

    /// <summary>The bytes before an Ed25519 key in SubjectPublicKeyInfo (RFC 8410 §4).</summary>
    private static readonly byte[] SubjectPublicKeyInfo = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    public static EvidenceKeyResponse From(EvidenceKey key) => new(
        key.Id, key.Name, "Ed25519", key.Verifier.ToString(), Convert.ToBase64String(key.PublicKey),
        PemEncoding.WriteString("PUBLIC KEY", [.. SubjectPublicKeyInfo, .. key.PublicKey]) + "\n", Signs,
        key.CreatedAt, key.SignsFrom, key.RetiredAt, key.DistrustedAt);
}
