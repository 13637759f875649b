namespace Aegis.Auth.Access.Bearer;

/// <summary>The credential in the Authorization header.</summary>
internal static class BearerText
{
    private const string Prefix = "Bearer ";

    /// <summary>The text after <c>Bearer</c> (RFC 6750 §2.1), or null.</summary>
    public static string? Of(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header[Prefix.Length..].Trim();
        return text.Length == 0 ? null : text;
    }
}
