using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Aegis.Auth.Access.OAuth;

/// <summary>
/// The body of a token request with an API key: a form, a JSON object or nothing. Only <c>scope</c> is read. An unreadable body is refused
/// and not ignored, because it may contain a scope that limits the token.
/// </summary>
internal static class ExchangeBody
{
    private const string Json = "application/json";

    /// <exception cref="OAuthException">The body cannot be read, or a scope is not in the catalogue.</exception>
    public static async Task<AskedScopes> Read(HttpRequest request, CancellationToken ct)
    {
        OAuthForm.RequireNoScopeInAddress(request);
        if (!await request.HasContent()) return AskedScopes.Of(text: null);
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType : default;
        if (type.Equals(OAuthForm.ContentType, StringComparison.OrdinalIgnoreCase))
            return AskedScopes.Of(await OAuthForm.Read(request, ct));
        if (!type.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            throw Refuse.UnsupportedMediaType(
                "unsupported_media_type", $"Send 'scope' as {OAuthForm.ContentType} or {Json}, or send no body.");
        }

        return AskedScopes.Of(await ScopeOf(request, ct));
    }

    private static async Task<string?> ScopeOf(HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: ct);
            if (body.RootElement.ValueKind is JsonValueKind.Null) return null;
            if (body.RootElement.ValueKind is not JsonValueKind.Object)
                throw OAuthException.InvalidRequest("Send the body as a JSON object.");
            var sent = body.RootElement.EnumerateObject().Where(m => m.Name.Equals(OAuthForm.Scope, StringComparison.OrdinalIgnoreCase))
                .Select(m => m.Value).ToList();
            if (sent.Count > 1) throw OAuthException.InvalidRequest("'scope' was sent more than once.");
            if (sent.Count == 0 || sent[0].ValueKind is JsonValueKind.Null) return null;
            if (sent[0].ValueKind is not JsonValueKind.String)
                throw OAuthException.InvalidRequest("'scope' must be a string: scopes separated by spaces.");
            return sent[0].GetString() is { Length: > 0 } scope ? scope : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            throw OAuthException.InvalidRequest("The body is not valid JSON.");
        }
    }
}
