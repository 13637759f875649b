namespace Aegis.Vault.Providers.Http;

/// <summary>Calls providers over HTTP. A failure says what may have happened at the provider, and never quotes its answer.</summary>
internal sealed class ProviderCalls(SafeHttp http)
{
    private const int MaxBytes = 256 * 1024; // four times the longest value, which leaves space for the rest of the answer
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>Sends a request.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="organizationId">The organization that the call is for.</param>
    /// <param name="changes">True when the request changes something, so that a lost answer leaves the result unknown.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<SafeResponse> Send(HttpRequestMessage request, string organizationId, bool changes, CancellationToken ct)
    {
        try
        {
            return await http.Send(request, OutboundPurpose.Vault, organizationId, Patience, MaxBytes, ct);
        }
        catch (OutboundException e)
        {
            throw e.Code switch
            {
                OutboundException.AddressNotAllowed =>
                    new ProviderException(ProviderFault.Misconfigured, ProviderCode.AddressNotAllowed, e.Message, e),
                OutboundException.TlsFailed => new ProviderException(ProviderFault.Misconfigured, ProviderCode.TlsFailed, e.Message, e),
                OutboundException.TooLarge =>
                    new ProviderException(changes ? ProviderFault.InDoubt : ProviderFault.Misconfigured, ProviderCode.AnswerTooLarge,
                        e.Message, e),
                _ when e.MayHaveArrived && changes =>
                    new ProviderException(ProviderFault.InDoubt, ProviderCode.AnswerLost,
                        "The request was sent and no answer came back.", e),
                _ => new ProviderException(ProviderFault.Unreachable, ProviderCode.Unreachable, e.Message, e),
            };
        }
    }

    /// <summary>The exception for an unexpected answer.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="changes">True when the request would change something.</param>
    /// <param name="takesValue">True when the request contained a value, which may be the reason.</param>
    public static ProviderException Unexpected(int status, bool changes, bool takesValue) => status switch
    {
        401 or 403 =>
            new(ProviderFault.Misconfigured, ProviderCode.AccessRefused,
                $"The provider refuses the login that Aegis itself uses (HTTP {status})."),
        429 => new(ProviderFault.Unreachable, ProviderCode.TargetBusy, "The provider limits the rate of calls (HTTP 429)."),
        400 or 409 or 422 when takesValue =>
            new(ProviderFault.Rejected, ProviderCode.ValueRejected, $"The provider rejects this value (HTTP {status})."),
        501 => new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected, "The provider does not know this call (HTTP 501)."),
        408 or >= 500 =>
            new(changes ? ProviderFault.InDoubt : ProviderFault.Unreachable, ProviderCode.TargetFailing,
                $"The provider failed (HTTP {status})."),
        >= 300 and < 400 =>
            new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
                $"The provider redirects (HTTP {status}). Aegis does not follow redirects."),
        _ => new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
            $"The provider answered with HTTP {status}, which the configuration does not expect."),
    };

    /// <summary>Encodes a text as one path segment of a URL.</summary>
    /// <exception cref="ProviderException">The text would change the path.</exception>
    public static string Segment(string text) => PathSegment.Encode(text) ?? throw new ProviderException(
        ProviderFault.Misconfigured, ProviderCode.ValueUnsupported, "The id cannot be used in the URL, because it would change the path.");

    /// <summary>Reads a JSON answer. It refuses one with half of a surrogate pair, because its texts cannot be read.</summary>
    public static JsonElement Json(SafeResponse response)
    {
        try
        {
            var json = JsonElement.Parse(response.Body, Strict);
            ReadTexts(json);
            return json;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected, "The provider's answer is not JSON.", e);
        }
    }

    /// <summary>A text member of a JSON answer, or null.</summary>
    public static string? Text(JsonElement json, string member) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    private static void ReadTexts(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.String)
        {
            json.GetString();
        }
        else if (json.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray()) ReadTexts(item);
        }
        else if (json.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                _ = member.Name; // throws like GetString
                ReadTexts(member.Value);
            }
        }
    }
}
