namespace Aegis.Auth.Access.Keys;

/// <summary>The current state of a key, as the database says it, not a token.</summary>
internal sealed record KeyState(
    string KeyId,
    string Name,
    string OrganizationId,
    string UserId,
    string? Role,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? UserDisabledAt,
    DateTimeOffset? OrganizationClosedAt)
{
    /// <summary>Why the key no longer works, or null while it does. Only a caller that proved the secret may be told.</summary>
    public RefusedException? Refusal(DateTimeOffset now)
    {
        if (RevokedAt is not null) return Refuse.Unauthorized("api_key_revoked", "This API key was revoked. Use another one.");
        if (ExpiresAt <= now) return Refuse.Unauthorized("api_key_expired", "This API key has expired. Use another one.");
        if (UserDisabledAt is not null)
            return Refuse.Unauthorized(
                "user_disabled", "The user of this API key is disabled. Ask an admin of your organization to enable it.");
        if (OrganizationClosedAt is not null)
            return Refuse.Unauthorized("organization_closed", "The organization of this API key is closed.");
        return null;
    }
}
