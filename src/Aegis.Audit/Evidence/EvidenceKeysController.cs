using Aegis.Kernel.Web.Http;
using Microsoft.AspNetCore.Authorization;

namespace Aegis.Audit.Evidence;

/// <summary>The public keys of evidence.</summary>
[ApiController]
[AllowAnonymous]
[Tags("Audit")]
[Produces("application/json")]
internal sealed class EvidenceKeysController(AuditDb db, EvidenceKeys keys) : ControllerBase
{
    /// <summary>
    /// The keys that ever signed a checkpoint of the audit log, a certificate of destruction or a receipt. None is ever taken away.
    /// </summary>
    /// <remarks>
    /// With <c>Accept: text/plain</c> the answer is one verifier key a line. docs/evidence.md shows how OpenSSL and Go check what they
    /// signed.
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
/// <param name="Name">The name in signatures, which is the origin of the audit log.</param>
/// <param name="Algorithm">Always <c>Ed25519</c>.</param>
/// <param name="VerifierKey">The key as Go's note package and tools for transparency logs take it.</param>
/// <param name="PublicKey">32 bytes, base64.</param>
/// <param name="Pem">SubjectPublicKeyInfo, as OpenSSL takes it.</param>
/// <param name="Purposes">What it signs.</param>
/// <param name="CreatedAt">Since when it is published.</param>
/// <param name="SignsFrom">When it begins to sign.</param>
/// <param name="RetiredAt">When it ends to sign, or null; what it signed before stays good.</param>
/// <param name="DistrustedAt">
/// When it was said that its private half may be known to others, or null. What it signed counts from then on only where the audit log
/// proves that it was there before.
/// </param>
internal sealed record EvidenceKeyResponse(
    string Id, string Name, string Algorithm, string VerifierKey, string PublicKey, string Pem, IReadOnlyList<string> Purposes,
    DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? RetiredAt, DateTimeOffset? DistrustedAt)
{
    private static readonly string[] Signs = ["checkpoint", "certificate_of_destruction", "receipt"];

    /// <summary>What stands before an Ed25519 key in SubjectPublicKeyInfo (RFC 8410 §4).</summary>
    private static readonly byte[] SubjectPublicKeyInfo = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    public static EvidenceKeyResponse From(EvidenceKey key) => new(
        key.Id, key.Name, "Ed25519", key.Verifier.ToString(), Convert.ToBase64String(key.PublicKey),
        PemEncoding.WriteString("PUBLIC KEY", [.. SubjectPublicKeyInfo, .. key.PublicKey]) + "\n", Signs,
        key.CreatedAt, key.SignsFrom, key.RetiredAt, key.DistrustedAt);
}
