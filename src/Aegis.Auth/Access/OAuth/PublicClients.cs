namespace Aegis.Auth.Access.OAuth;

/// <summary>
/// The programs that persons log in with. They keep no secret (RFC 6749 §2.1), so a name is all that they say of themselves.
/// </summary>
internal sealed class PublicClients(AuthOptions options)
{
    /// <summary>The <c>aegis</c> command.</summary>
    public const string CommandLine = "aegis-cli";

    public const int MaxIdLength = 64;

    /// <summary>True for a call of a program that sends its name and nothing that proves anything.</summary>
    public bool Calls(HttpRequest request, OAuthForm form) =>
        request.Headers.Authorization.Count == 0 && form.Find("client_secret") is null && form.Find("client_id") is { } id
            && options.PublicClients.Contains(id);

    /// <summary>The program that calls.</summary>
    /// <exception cref="OAuthException">It names itself not at all, or as one that is unknown here.</exception>
    public string Require(OAuthForm form)
    {
        var id = form.Get("client_id");
        return options.PublicClients.Contains(id)
            ? id
            : throw new OAuthException(
                StatusCodes.Status401Unauthorized, "invalid_client",
                $"No program is registered here as this client_id. The command line is '{CommandLine}'; others are named in "
                    + "Auth:PublicClients.");
    }

    /// <summary>What persons are told.</summary>
    public static string NameOf(string id) => id == CommandLine ? "the Aegis command line" : id;
}
