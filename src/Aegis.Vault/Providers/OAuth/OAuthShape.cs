namespace Aegis.Vault.Providers.OAuth;

/// <summary>What the configuration of an <c>oauth</c> credential may hold.</summary>
internal static class OAuthShape
{
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";
    public static readonly string[] Addresses = ["token_url", "introspection_url", "test_url", "revocation_url"];

    public static readonly ConfigShape Shape = new(
        [
            new ChoiceField("grant", "How tokens are had: client_credentials, or refresh_token for a user's consent.",
                [ClientCredentials, RefreshToken], Required: true),
            new TextField("token_url", "The token endpoint.", Required: true, MaxLength: 2000),
            new TextField("client_id", "The client.", Required: true),
            new TextField("client_secret", "Its secret.", IsSecret: true, MaxLength: 2000),
            new ChoiceField("auth_method", "How the client authenticates; client_secret_basic when it is not given.",
                ["client_secret_basic", "client_secret_post", "none"]),
            new TextField("scope", "Scopes to ask for, by spaces.", MaxLength: 1000),
            new TextField("audience", "Audience to ask for, where the server knows such a parameter.", MaxLength: 1000),
            new ChoiceField("value_format",
                "What users of the credential get: the access token, or a JSON object with it; with refresh_token always json.",
                ["access_token", "json"]),
            new TextField("introspection_url", "Where a token can be asked for (RFC 7662), as its test.", MaxLength: 2000),
            new TextField("test_url", "An address that answers 2xx to a GET with a good token, as its test.", MaxLength: 2000),
            new TextField("revocation_url", "Where the old access token is revoked (RFC 7009); for client_credentials only.",
                MaxLength: 2000),
        ],
        Together);

    private static void Together(JsonObject config, ConfigErrors errors)
    {
        string? Text(string name) => config[name]?.GetValue<string>();
        foreach (var member in Addresses.Where(m => Text(m) is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                && address.UserInfo.Length + address.Fragment.Length == 0)))
            errors.AddMember(member, $"{member} must be an absolute https address without user name and fragment.");
        var isPublic = Text("auth_method") == "none";
        if (isPublic && Text("client_secret") is not null) errors.AddMember("client_secret", "auth_method none has no secret.");
        if (!isPublic && Text("client_secret") is null)
            errors.AddMember("client_secret", "The client needs a secret to authenticate with, or auth_method none.");
        if (isPublic && Text("grant") == ClientCredentials)
            errors.AddMember("auth_method", "The grant client_credentials is for clients that authenticate (RFC 6749, 4.4).");
        if (Text("grant") == RefreshToken && Text("value_format") == "access_token")
            errors.AddMember("value_format", "With the grant refresh_token the value must hold the refresh token: use json.");
        if (Text("grant") == RefreshToken && Text("revocation_url") is not null)
            errors.AddMember("revocation_url",
                "Servers may end the whole grant when one of its tokens is revoked (RFC 7009, 2.1), so this is for client_credentials only.");
        if (Text("test_url") is not null && Text("introspection_url") is not null)
            errors.AddMember("test_url", "Give either test_url or introspection_url.");
    }
}
