using System.Net.Http.Headers;

namespace Aegis.Tests.App;

/// <summary>Sends calls as one caller.</summary>
public sealed class ApiClient(HttpClient http, string? credential = null)
{
    private readonly List<(string Name, string Value)> headers = [];

    public HttpClient Http => http;

    /// <summary>Returns the same caller with another header on each call.</summary>
    public ApiClient With(string name, string value)
    {
        var client = new ApiClient(http, credential);
        client.headers.AddRange(headers);
        client.headers.Add((name, value));
        return client;
    }

    /// <summary>Returns the same caller for another host.</summary>
    public ApiClient On(AegisApp host) => new(host.NewHttp(), credential);

    public Task<ApiResponse> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<ApiResponse> Delete(string path) => Send(new HttpRequestMessage(HttpMethod.Delete, path));

    /// <summary>Patches with JSON.</summary>
    public Task<ApiResponse> Patch(string path, object body) =>
        Send(new HttpRequestMessage(HttpMethod.Patch, path) { Content = Json(body) });

    /// <summary>Posts JSON: an object to serialize, a string to send as it is, or no body.</summary>
    public Task<ApiResponse> Post(string path, object? body = null) =>
        Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : Json(body) });

    public Task<ApiResponse> Put(string path, object body) => Send(new HttpRequestMessage(HttpMethod.Put, path) { Content = Json(body) });

    public Task<ApiResponse> PostContent(string path, HttpContent content) =>
        Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });

    public async Task<ApiResponse> Send(HttpRequestMessage request)
    {
        using var response = await SendStreaming(request, HttpCompletionOption.ResponseContentRead);
        return new ApiResponse(response.StatusCode, response.Headers, response.Content.Headers,
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Returns when the headers have arrived. The caller reads the body and disposes the response.</summary>
    public Task<HttpResponseMessage> SendStreaming(
        HttpRequestMessage request, HttpCompletionOption until = HttpCompletionOption.ResponseHeadersRead)
    {
        if (credential is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request, until);
    }

    private static StringContent Json(object body) =>
        new(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
}
