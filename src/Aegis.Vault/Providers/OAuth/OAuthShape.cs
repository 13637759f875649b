namespace Aegis.Vault.Providers.OAuth;

/// <summary>The shape of <c>provider_config</c> for the provider <c>oauth</c>.</summary>
internal static class OAuthShape
{
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";
    public static readonly string[] Addresses = ["token_url", "introspection_url", "test_url", "revocation_url"];

    public static readonly ConfigShape Shape = new(
        [
            new ChoiceField("grant", "How tokens are obtained: client_credentials, or refresh_token for a user's consent.",
                [ClientCredentials, RefreshToken], Required: true),
            new TextField("token_url", "The token endpoint.", Required: true, MaxLength: 2000),
            new TextField("client_id", "The client's id.", Required: true),
            new TextField("client_secret", "The client's secret.", IsSecret: true, MaxLength: 2000),
            new ChoiceField("auth_method", "How the client authenticates; default client_secret_basic.",
                ["client_secret_basic", "client_secret_post", "none"]),
            new TextField("scope", "Scopes to ask for, separated by spaces.", MaxLength: 1000),
            new TextField("audience", "Audience to ask for, where the server knows such a parameter.", MaxLength: 1000),
            new ChoiceField("value_format",
                "The form of the value: the access token, or a JSON object with it; always json for refresh_token.",
                ["access_token", "json"]),
            new TextField("introspection_url", "The introspection endpoint (RFC 7662), used as the test.", MaxLength: 2000),
            new TextField("test_url", "A URL that answers 2xx to a GET with a valid token, used as the test.", MaxLength: 2000),
            new TextField("revocation_url", "The revocation endpoint for the old access token (RFC 7009); for client_credentials only.",
                MaxLength: 2000),
        ],
        CheckTogether);

    private static void CheckTogether(JsonObject config, ConfigErrors errors)
    {
        string? Text(string name) => config[name]?.GetValue<string>();
        foreach (var member in Addresses.Where(m => Text(m) is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                && address.UserInfo.Length + address.Fragment.Length == 0)))
            errors.AddMember(member, $"{member} must be an absolute https URL without user name and fragment.");
        var isPublic = Text("auth_method") == "none";
        if (isPublic && Text("client_secret") is not null) errors.AddMember("client_secret", "With auth_method none there is no secret.");
        if (!isPublic && Text("client_secret") is null)
            errors.AddMember("client_secret", "The client needs a secret to authenticate with, or auth_method none.");
        if (isPublic && Text("grant") == ClientCredentials)
            errors.AddMember("auth_method", "The grant client_credentials requires a client that authenticates (RFC 6749, section 4.4).");
        if (Text("grant") == RefreshToken && Text("value_format") == "access_token")
            errors.AddMember("value_format", "With the grant refresh_token, the value must contain the refresh token: use json.");
        if (Text("grant") == RefreshToken && Text("revocation_url") is not null)
            errors.AddMember("revocation_url",
                "revocation_url is for client_credentials only: a server may end the whole grant with one token (RFC 7009, section 2.1).");
        if (Text("test_url") is not null && Text("introspection_url") is not null)
            errors.AddMember("test_url", "Give either test_url or introspection_url.");
    }
}
