using System.Net.Http.Headers;

namespace Aegis.Vault.Providers.N8n;

/// <summary>Sends one call to n8n's public API. A failure says what may have happened in n8n, and never quotes n8n's text.</summary>
internal sealed class N8nCalls(SafeHttp http)
{
    private const string KeyHeader = "X-N8N-API-KEY";
    private const int MaxBytes = 32 * 1024 * 1024; // a page of workflows with their pinned data; n8n itself accepts bodies up to 16 MiB
    private const int MaxDepth = 256; // pinned data can be deeply nested
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <param name="access">The address and the key.</param>
    /// <param name="method">GET, PATCH or PUT.</param>
    /// <param name="path">The path under the base address, with its query.</param>
    /// <param name="body">The body, or null.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <param name="max">The longest answer to accept, in bytes.</param>
    public async Task<SafeResponse> Send(
        N8nAccess access, HttpMethod method, string path, JsonNode? body, CancellationToken ct, int max = MaxBytes)
    {
        using var request = new HttpRequestMessage(method, $"{access.BaseUrl}{path}");
        request.Headers.TryAddWithoutValidation(KeyHeader, access.ApiKey);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            return await http.Send(request, OutboundPurpose.N8n, access.OrganizationId, Patience, max, ct);
        }
        catch (OutboundException e)
        {
            throw Explain(e, changes: body is not null);
        }
    }

    /// <summary>The exception for an unexpected answer.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="changes">True when the call would change something.</param>
    public static ProviderException Refused(int status, bool changes) => status switch
    {
        401 => new(ProviderFault.Misconfigured, ProviderCode.AccessRefused,
            "n8n does not accept the API key of the connection (HTTP 401)."),
        403 => new(ProviderFault.Misconfigured, ProviderCode.PermissionMissing,
            "The API key of the connection lacks a scope, or does not belong to n8n's owner or an admin (HTTP 403)."),
        405 or 501 => Unsupported(status),
        429 => new(ProviderFault.Unreachable, ProviderCode.TargetBusy, "n8n limits the rate of calls (HTTP 429)."),
        408 or >= 500 =>
            new(changes ? ProviderFault.InDoubt : ProviderFault.Unreachable, ProviderCode.TargetFailing, $"n8n failed (HTTP {status})."),
        >= 300 and < 400 =>
            new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
                $"The address of the connection redirects (HTTP {status}). Aegis does not follow redirects."),
        _ => new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
            $"n8n answered with an unexpected HTTP {status}."),
    };

    public static ProviderException Unsupported(int status) => new(
        ProviderFault.Misconfigured, N8nCode.VersionUnsupported,
        $"This version of n8n lacks a call that Aegis needs (HTTP {status}). Listing credentials came with 2.8.0.");

    /// <summary>Reads a JSON object without duplicate members.</summary>
    public static JsonElement Json(SafeResponse response) => Json(response, Strict);

    /// <summary>Reads a JSON object that is only searched: its texts may be anything.</summary>
    public static JsonElement AnyJson(SafeResponse response) => Json(response, Lenient);

    private static JsonElement Json(SafeResponse response, JsonDocumentOptions options)
    {
        try
        {
            var json = JsonElement.Parse(response.Body, options);
            return json.ValueKind is JsonValueKind.Object ? json : throw N8nJson.Unexpected();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a name with half of a surrogate pair
        {
            throw N8nJson.Unexpected();
        }
    }

    private static ProviderException Explain(OutboundException e, bool changes) => e.Code switch
    {
        OutboundException.AddressNotAllowed => new(ProviderFault.Misconfigured, ProviderCode.AddressNotAllowed, e.Message, e),
        OutboundException.TlsFailed => new(ProviderFault.Misconfigured, ProviderCode.TlsFailed, e.Message, e),
        OutboundException.TooLarge =>
            new(changes ? ProviderFault.InDoubt : ProviderFault.Misconfigured, ProviderCode.AnswerTooLarge, e.Message, e),
        _ when changes && e.MayHaveArrived =>
            new(ProviderFault.InDoubt, ProviderCode.AnswerLost, "n8n did not answer. Whether it made the change is not known.", e),
        _ => new(ProviderFault.Unreachable, ProviderCode.Unreachable, e.Message, e),
    };
}
