using Microsoft.IdentityModel.JsonWebTokens;

namespace Aegis.Auth.Access.Tokens;

/// <summary>
/// The claims of an access token whose signature was checked. Whether its key or login is still valid is a separate question, which
/// <see cref="Admission"/> asks on every request.
/// </summary>
/// <param name="KeyId">The API key it was issued for; null for the login of a person.</param>
/// <param name="Role">The role its user had when it was issued.</param>
/// <param name="Scopes">The scopes it was issued with.</param>
/// <param name="Partners">The partner organizations it is narrowed to, or null for all.</param>
/// <param name="ExpiresAt">The first moment at which it no longer works.</param>
/// <param name="SessionId">Its <c>sid</c>: the id of its session, if it has one.</param>
/// <param name="IssuedAt">Its <c>iat</c>.</param>
/// <param name="SigningKeyId">The key that signed it.</param>
/// <param name="Client">Its <c>client_id</c> (RFC 9068 §2.2): the API key, or the program that a person logged in with; null in tokens of
/// 0.1.0.</param>
/// <param name="Id">Its <c>jti</c>; null in tokens of 0.1.0.</param>
internal sealed record AccessToken(
    string? KeyId,
    string? Role,
    IReadOnlySet<string> Scopes,
    IReadOnlySet<string>? Partners,
    DateTimeOffset ExpiresAt,
    string SessionId,
    DateTimeOffset IssuedAt,
    string SigningKeyId,
    string? Client,
    string? Id)
{
    public const string Audience = "aegis";

    /// <summary>Header <c>typ</c> (RFC 9068 §2.1), so that no other token of this issuer is accepted as an access token.</summary>
    public const string Type = "at+jwt";

    public const string KeyClaim = "akid";
    public const string TenantClaim = "tenant";
    public const string ScopeClaim = "scope";
    public const string RoleClaim = "role";
    public const string PartnersClaim = "partners";
    public const string ClientClaim = "client_id";

    /// <summary>Reads the claims of a token whose signature was checked.</summary>
    public static AccessToken From(JsonWebToken token) => new(
        token.TryGetPayloadValue<string>(KeyClaim, out var key) ? key : null,
        token.TryGetPayloadValue<string>(RoleClaim, out var role) ? role : null,
        token.GetPayloadValue<string>(ScopeClaim).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
        token.TryGetPayloadValue<string[]>(PartnersClaim, out var partners) ? partners.ToHashSet(StringComparer.Ordinal) : null,
        new DateTimeOffset(token.ValidTo, TimeSpan.Zero),
        token.GetPayloadValue<string>(JwtRegisteredClaimNames.Sid),
        new DateTimeOffset(token.IssuedAt, TimeSpan.Zero),
        token.Kid,
        token.TryGetPayloadValue<string>(ClientClaim, out var client) ? client : null,
        token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Jti, out var id) ? id : null);
}
