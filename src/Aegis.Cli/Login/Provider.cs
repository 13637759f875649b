using System.Net.Http.Json;

namespace Aegis.Cli.Login;

/// <summary>The issuer's metadata (OpenID Connect Discovery, RFC 8414).</summary>
internal sealed record Discovered
{
    public string? Issuer { get; init; }

    public string? DeviceAuthorizationEndpoint { get; init; }

    public string? TokenEndpoint { get; init; }

    public string? RevocationEndpoint { get; init; }

    public IReadOnlyList<string>? ScopesSupported { get; init; }
}

/// <summary>One code for the user and one for this program (RFC 8628).</summary>
internal sealed record DeviceCode
{
    [JsonPropertyName("device_code")]
    public string? Code { get; init; }

    public string? UserCode { get; init; }

    public string? VerificationUri { get; init; }

    public string? VerificationUriComplete { get; init; }

    public int ExpiresIn { get; init; } = 600;

    public int Interval { get; init; } = 5;
}

/// <summary>The answer of a token endpoint: tokens, or an error.</summary>
internal sealed record TokenAnswer
{
    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public int? ExpiresIn { get; init; }

    public int? RefreshExpiresIn { get; init; }

    public string? Scope { get; init; }

    public string? IdToken { get; init; }

    public string? Error { get; init; }

    public string? ErrorDescription { get; init; }

    public override string ToString() => "***";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Discovered))]
[JsonSerializable(typeof(DeviceCode))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class ProviderJson : JsonSerializerContext;

/// <summary>Calls an issuer. Redirects are not followed.</summary>
internal sealed class Provider(CommandEnvironment around)
{
    public const string Client = "aegis-cli";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<Discovered> DiscoverAsync(string issuer, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{issuer}/.well-known/openid-configuration");
        using var response = await SendAsync(request, ct);
        if (!response.IsSuccessStatusCode)
            throw new StoppedException(
                ExitCodes.Unavailable, $"{issuer} does not publish how to log in ({(int)response.StatusCode}). Check the address.");
        var found = await ReadAsync(response, ProviderJson.Default.Discovered, ct);
        if (found.Issuer?.TrimEnd('/') != issuer)
            throw new StoppedException(
                ExitCodes.Failed,
                $"{issuer} names its issuer '{found.Issuer}', so the login is refused (RFC 8414 §3.3). Log in with that address, or "
                    + "correct the host's PublicUrl.");
        foreach (var endpoint in new[] { found.DeviceAuthorizationEndpoint, found.TokenEndpoint, found.RevocationEndpoint })
            RequireSafe(endpoint);
        return found;
    }

    /// <summary>Sends a form and reads tokens or an error.</summary>
    public async Task<TokenAnswer> TokenAsync(string endpoint, Dictionary<string, string> form, CancellationToken ct)
    {
        using var request = Form(endpoint, form);
        using var response = await SendAsync(request, ct);
        if ((int)response.StatusCode >= 500)
            throw new StoppedException(
                ExitCodes.Unavailable, $"{new Uri(endpoint).Authority} fails ({(int)response.StatusCode}). Try again in a moment.");
        var answer = await ReadAsync(response, ProviderJson.Default.TokenAnswer, ct);
        return response.IsSuccessStatusCode || answer.Error is not null
            ? answer
            : answer with { Error = $"status {(int)response.StatusCode}" };
    }

    public async Task<DeviceCode> DeviceAsync(string endpoint, string scope, CancellationToken ct)
    {
        using var request = Form(endpoint, new() { ["client_id"] = Client, ["scope"] = scope });
        using var response = await SendAsync(request, ct);
        if (response.IsSuccessStatusCode) return await ReadAsync(response, ProviderJson.Default.DeviceCode, ct);
        var refused = await ReadAsync(response, ProviderJson.Default.TokenAnswer, ct);
        throw new StoppedException(ExitCodes.Failed,
            $"The login was refused: {refused.ErrorDescription ?? refused.Error ?? $"status {(int)response.StatusCode}"}.");
    }

    /// <summary>Revokes a refresh token and the tokens issued for it (RFC 7009).</summary>
    /// <returns>Whether the issuer confirmed it.</returns>
    public async Task<bool> RevokeAsync(string endpoint, string token, CancellationToken ct)
    {
        using var request = Form(endpoint, new() { ["client_id"] = Client, ["token"] = token, ["token_type_hint"] = "refresh_token" });
        try
        {
            using var response = await SendAsync(request, ct);
            return response.IsSuccessStatusCode;
        }
        catch (StoppedException)
        {
            return false;
        }
    }

    private static HttpRequestMessage Form(string endpoint, Dictionary<string, string> form) =>
        new(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            return await around.Http.SendAsync(request, limit.Token);
        }
        catch (HttpRequestException e)
        {
            throw new StoppedException(ExitCodes.Unavailable, $"{request.RequestUri!.Authority} cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new StoppedException(ExitCodes.Unavailable, $"{request.RequestUri!.Authority} did not answer in time.");
        }
    }

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken ct)
        where T : new()
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, ct) ?? new T();
        }
        catch (JsonException)
        {
            throw new StoppedException(
                ExitCodes.Failed,
                $"{response.RequestMessage!.RequestUri!.Authority} did not answer like an OpenID provider ({(int)response.StatusCode}).");
        }
    }

    /// <summary>Tokens are sent over TLS, or to this machine only.</summary>
    private static void RequireSafe(string? endpoint)
    {
        if (endpoint is null) return;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            throw new StoppedException(ExitCodes.Failed, $"The issuer names an endpoint to which tokens cannot be sent safely: {endpoint}");
    }
}
