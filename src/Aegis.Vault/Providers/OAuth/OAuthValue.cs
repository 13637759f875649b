namespace Aegis.Vault.Providers.OAuth;

/// <summary>The answer of a token endpoint (RFC 6749 §5.1), as it is stored. <c>ToString</c> gives three stars.</summary>
internal sealed record OAuthValue(string AccessToken, string? RefreshToken, DateTimeOffset? ExpiresAt, string? Scope)
{
    /// <summary>The value that users of the credential get.</summary>
    public string Write(string format) => format == "access_token" ? AccessToken : new JsonObject
    {
        ["access_token"] = AccessToken,
        ["token_type"] = "Bearer",
        ["refresh_token"] = RefreshToken,
        ["expires_at"] = ExpiresAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["scope"] = Scope,
    }.ToJsonString();

    /// <summary>
    /// The refresh token in a value. A value that is not a JSON object is itself the refresh token: the first value of a credential.
    /// </summary>
    public static string? RefreshTokenIn(string value) => Member(value, "refresh_token", otherwise: value);

    public static string? AccessTokenIn(string value, string format) =>
        format == "access_token" ? value : Member(value, "access_token", otherwise: null);

    public override string ToString() => "***";

    private static string? Member(string value, string name, string? otherwise)
    {
        if (!value.TrimStart().StartsWith('{')) return otherwise;
        try
        {
            return JsonElement.Parse(value) is var json && json.TryGetProperty(name, out var member)
                && member.ValueKind is JsonValueKind.String ? member.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
