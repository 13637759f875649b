namespace Aegis.Auth.Access.OAuth;

/// <summary>
/// The programs that people log in with. They have no secret (RFC 6749 §2.1), so they identify themselves by name only.
/// </summary>
internal sealed class PublicClients(AuthOptions options)
{
    /// <summary>The <c>aegis</c> command.</summary>
    public const string CommandLine = "aegis-cli";

    public const int MaxIdLength = 64;

    /// <summary>True for a call of a program that sends its name and no credential.</summary>
    public bool Calls(HttpRequest request, OAuthForm form) =>
        request.Headers.Authorization.Count == 0 && form.Find("client_secret") is null && form.Find("client_id") is { } id
            && options.PublicClients.Contains(id);

    /// <summary>The id of the program that calls.</summary>
    /// <exception cref="OAuthException">The client_id is missing or not registered.</exception>
    public string Require(OAuthForm form)
    {
        var id = form.Get("client_id");
        return options.PublicClients.Contains(id)
            ? id
            : throw new OAuthException(
                StatusCodes.Status401Unauthorized, "invalid_client",
                $"This client_id is not registered. Use '{CommandLine}' for the command line, or add the client to "
                    + "Auth:PublicClients.");
    }

    /// <summary>The name that people see.</summary>
    public static string NameOf(string id) => id == CommandLine ? "the Aegis command line" : id;
}
