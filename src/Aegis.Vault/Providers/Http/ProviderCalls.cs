namespace Aegis.Vault.Providers.Http;

/// <summary>
/// Calls to providers over HTTP: what failed is told apart by what may have happened there. Nothing of an answer is ever passed on in
/// words.
/// </summary>
internal sealed class ProviderCalls(SafeHttp http)
{
    private const int MaxBytes = 256 * 1024; // four times the longest value, for what stands around it
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>Sends a request.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="changes">True when the request changes something there, so that a lost answer leaves open whether it did.</param>
    /// <param name="ct">Gives up.</param>
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
                        "The request went out and no answer came back.", e),
                _ => new ProviderException(ProviderFault.Unreachable, ProviderCode.Unreachable, e.Message, e),
            };
        }
    }

    /// <summary>What an answer means that is not the expected one.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="changes">True when the request was to change something.</param>
    /// <param name="takesValue">True when the request carried a value of ours, which may be what is wrong.</param>
    public static ProviderException Unexpected(int status, bool changes, bool takesValue) => status switch
    {
        401 or 403 =>
            new(ProviderFault.Misconfigured, ProviderCode.AccessRefused,
                $"The provider refuses what Aegis authenticates with (HTTP {status})."),
        429 => new(ProviderFault.Unreachable, ProviderCode.TargetBusy, "The provider wants fewer calls (HTTP 429)."),
        400 or 409 or 422 when takesValue =>
            new(ProviderFault.Rejected, ProviderCode.ValueRejected, $"The provider does not take this value (HTTP {status})."),
        501 => new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected, "The provider does not know this call (HTTP 501)."),
        408 or >= 500 =>
            new(changes ? ProviderFault.InDoubt : ProviderFault.Unreachable, ProviderCode.TargetFailing,
                $"The provider fails (HTTP {status})."),
        >= 300 and < 400 =>
            new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
                $"The provider sends elsewhere (HTTP {status}), where Aegis does not follow."),
        _ => new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
            $"The provider answered with HTTP {status}, which the configuration does not expect."),
    };

    /// <summary>A text as one segment of an address.</summary>
    /// <exception cref="ProviderException">It would change where the address leads.</exception>
    public static string Segment(string text) => PathSegment.Encode(text) ?? throw new ProviderException(
        ProviderFault.Misconfigured, ProviderCode.ValueUnsupported, "An id that is part of the address would change where it leads.");

    /// <summary>Reads a JSON answer. One with half of a surrogate pair in it is none: its texts could not be read.</summary>
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
            throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected, "The provider's answer is no JSON.", e);
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
