using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Aegis.Sdk.Calls;

/// <summary>Makes calls to the API: with a token, with a new token when the host refuses it, and throws refusals.</summary>
internal sealed class Caller(Transport transport, TokenSource? tokens)
{
    public TimeProvider Clock => transport.Clock;

    public Uri BaseAddress => transport.BaseAddress;

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        ReadAsync(new Call(HttpMethod.Get, path), answer, ct);

    /// <summary>Sends JSON, or no body.</summary>
    public Task<T> PostAsync<T>(
        string path, JsonBody? body, JsonTypeInfo<T> answer, CancellationToken ct, string? idempotencyKey = null, string? ifMatch = null) =>
        ReadAsync(new Call(HttpMethod.Post, path, body) { IdempotencyKey = idempotencyKey ?? NewKey(), IfMatch = ifMatch }, answer, ct);

    /// <summary>
    /// Sends JSON to an operation without Idempotency-Key. It is repeated only when a second arrival has no second effect.
    /// </summary>
    public Task<T> PostPlainAsync<T>(
        string path, JsonBody? body, JsonTypeInfo<T> answer, CancellationToken ct, bool isRepeatable = false) =>
        ReadAsync(new Call(HttpMethod.Post, path, body) { IsRepeatable = isRepeatable }, answer, ct);

    public Task<T> PutAsync<T>(string path, JsonBody body, JsonTypeInfo<T> answer, CancellationToken ct, string? ifMatch = null) =>
        ReadAsync(new Call(HttpMethod.Put, path, body) { IfMatch = ifMatch }, answer, ct);

    public Task<T> PatchAsync<T>(string path, JsonBody body, JsonTypeInfo<T> answer, CancellationToken ct, string? ifMatch = null) =>
        ReadAsync(new Call(HttpMethod.Patch, path, body) { IfMatch = ifMatch }, answer, ct);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        ReadAsync(new Call(HttpMethod.Delete, path), answer, ct);

    public async Task DeleteAsync(string path, CancellationToken ct, string? ifMatch = null)
    {
        using var response = await SendAsync(new Call(HttpMethod.Delete, path) { IfMatch = ifMatch }, ct).ConfigureAwait(false);
    }

    public async Task<T> ReadAsync<T>(Call call, JsonTypeInfo<T> answer, CancellationToken ct)
    {
        using var response = await SendAsync(call, ct).ConfigureAwait(false);
        var read = await JsonAsync(response, answer, ct).ConfigureAwait(false);
        if (read is Revised revised) revised.ETag = response.Headers.ETag?.ToString();
        return read;
    }

    /// <summary>Reads an answer that is not JSON.</summary>
    public async Task<string> TextAsync(string path, CancellationToken ct)
    {
        using var response = await SendAsync(new Call(HttpMethod.Get, path), ct).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Reads an answer as bytes.</summary>
    public async Task<byte[]> BytesAsync(string path, CancellationToken ct)
    {
        using var response = await SendAsync(new Call(HttpMethod.Get, path), ct).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
    }

    public static async Task<T> JsonAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(answer, ct).ConfigureAwait(false)
                ?? throw new AegisProtocolException("The answer is empty.");
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new AegisProtocolException("The answer has the wrong form. Check that the address is an Aegis host.", e);
        }
    }

    /// <summary>Returns a successful answer, which the caller disposes. A refusal is thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(Call call, CancellationToken ct)
    {
        var until = call.IsStreamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
        for (var renewed = false; ; renewed = true)
        {
            var token = tokens is null || call.IsAnonymous ? null : await tokens.GetAsync(ct).ConfigureAwait(false);
            var response = await transport.SendAsync(() => Make(call, token), call.MayRepeat, until, ct, call.HasNoLimit)
                .ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                // A session that needs a step-up is not helped by a new token, which would have to step up too.
                var refusal = await AegisException.FromAsync(response, transport.Clock.GetUtcNow(), ct).ConfigureAwait(false);
                var mayRenew = response.StatusCode is HttpStatusCode.Unauthorized && refusal.Code != "insufficient_user_authentication"
                    && !renewed && token is not null;
                if (!mayRenew || !await tokens!.RenewAsync(token!, ct).ConfigureAwait(false)) throw refusal;
            }
        }
    }

    /// <summary>Sends to an address that is itself the credential.</summary>
    public Task<HttpResponseMessage> SendBareAsync(Func<HttpRequestMessage> make, CancellationToken ct) =>
        transport.SendAsync(make, mayRepeat: true, HttpCompletionOption.ResponseHeadersRead, ct);

    public static string NewKey() => $"sdk-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";

    private HttpRequestMessage Make(Call call, string? token)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(transport.BaseAddress, call.Path))
        {
            Content = call.Body?.Make()
            ?? call.Content?.Invoke()
        };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (call.IdempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", call.IdempotencyKey);
        if (call.IfMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", call.IfMatch);
        if (call.StatusToken is not null) request.Headers.TryAddWithoutValidation("X-Status-Token", call.StatusToken);
        return request;
    }
}

/// <summary>A call to make.</summary>
internal sealed record Call(HttpMethod Method, string Path, JsonBody? Body = null)
{
    /// <summary>A body that is not JSON, created again for each attempt.</summary>
    public Func<HttpContent>? Content { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? IfMatch { get; init; }

    /// <summary>The token with which an applicant reads the state of its application.</summary>
    public string? StatusToken { get; init; }

    public bool IsAnonymous { get; init; }

    public bool IsStreamed { get; init; }

    public bool HasNoLimit { get; init; }

    /// <summary>True for a POST whose repetition has no second effect.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>True for a PUT whose repetition has a second effect.</summary>
    public bool IsUnrepeatable { get; init; }

    public bool MayRepeat => !IsUnrepeatable && (Method != HttpMethod.Post || IdempotencyKey is not null || IsRepeatable);
}

/// <summary>A value and its JSON type.</summary>
internal sealed record JsonBody(Func<HttpContent> Make)
{
    public static JsonBody Of<T>(T value, JsonTypeInfo<T> type) => new(() => JsonContent.Create(value, type));
}
