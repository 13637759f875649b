using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Aegis.Auth.Access.OAuth;

/// <summary>The form of an OAuth call (RFC 6749 appendix B). A parameter that is sent twice is refused, as §3.2 requires.</summary>
internal sealed class OAuthForm
{
    public const string ContentType = "application/x-www-form-urlencoded";

    public const string Scope = "scope";

    private const int MaxBodyLength = 64 * 1024;
    private const int MaxParameters = 50;

    private readonly Dictionary<string, StringValues> values;

    private OAuthForm(Dictionary<string, StringValues> values) => this.values = values;

    /// <exception cref="OAuthException">The body is not a form or is too long, or the scope is in the URL.</exception>
    public static async Task<OAuthForm> Read(HttpRequest request, CancellationToken ct)
    {
        RequireNoScopeInAddress(request);
        if (request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is not true)
            throw OAuthException.InvalidRequest($"Send the parameters as {ContentType}.");
        if (request.ContentLength > MaxBodyLength) throw TooLong();
        try
        {
            using var reader = new FormReader(request.Body) { ValueCountLimit = MaxParameters, ValueLengthLimit = MaxBodyLength };
            return new OAuthForm(await reader.ReadFormAsync(ct));
        }
        catch (InvalidDataException)
        {
            throw TooLong();
        }
    }

    /// <summary>
    /// Refuses a scope in the query. The query is not read (RFC 6749 §3.2), so the client would get a token with more rights than it
    /// asked for.
    /// </summary>
    public static void RequireNoScopeInAddress(HttpRequest request)
    {
        if (request.Query.ContainsKey(Scope))
            throw OAuthException.InvalidRequest("Parameters in the URL are not read. Send 'scope' in the body.");
    }

    /// <summary>The parameter, or null when it is missing or empty.</summary>
    public string? Find(string name) => values.TryGetValue(name, out var found) && found is [{ } one]
        ? one.Length == 0 ? null : one
        : found.Count > 1 ? throw OAuthException.InvalidRequest($"'{name}' was sent more than once.") : null;

    public string Get(string name) => Find(name) ?? throw OAuthException.InvalidRequest($"The parameter '{name}' is missing.");

    private static OAuthException TooLong() => OAuthException.InvalidRequest(
        $"The form is too long. Send at most {MaxParameters} parameters and {MaxBodyLength / 1024} KiB.");
}
