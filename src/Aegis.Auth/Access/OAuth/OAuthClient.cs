using System.Text;

namespace Aegis.Auth.Access.OAuth;

/// <summary>
/// Authenticates the client of an OAuth call. It accepts an API key or access token as Bearer, or an API key as client secret with its id
/// as client id, in the Authorization header (RFC 6749 §2.3.1, client_secret_basic) or in the form (client_secret_post). The endpoints in
/// People/OAuthEndpoints read their parameters with <see cref="OAuthForm"/>, <see cref="ExchangeBody"/> and <see cref="AskedScopes"/>, and
/// call this type, or <see cref="PublicClients"/> for a program without a secret. <see cref="PresentedTokens"/> checks a token that is a
/// parameter. Failures are <see cref="OAuthException"/>s, which <see cref="OAuthErrorsAttribute"/> turns into OAuth errors.
/// </summary>
internal sealed class OAuthClient(KeyCheck keys)
{
    private const string Basic = "Basic ";

    /// <exception cref="OAuthException">No credential was sent, or the client id is not that of the key.</exception>
    public async Task<Caller> Identify(HttpContext context, OAuthForm form, CancellationToken ct)
    {
        if (context.FindCaller() is { } known) return known;
        var (id, secret) = FromHeader(context.Request) ?? (form.Find("client_id"), form.Find("client_secret"));
        if (id is null || secret is null) throw OAuthException.InvalidClient();

        var caller = await keys.Check(secret, ct);
        if (caller.KeyId != id) throw OAuthException.InvalidClient();
        context.SetCaller(caller);
        return caller;
    }

    private static (string? Id, string? Secret)? FromHeader(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length)) throw OAuthException.InvalidClient();
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts is [var id, var secret] ? (Decode(id), Decode(secret)) : throw OAuthException.InvalidClient();
    }

    /// <summary>The id and the secret are form-encoded before they are joined (RFC 6749 §2.3.1).</summary>
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
