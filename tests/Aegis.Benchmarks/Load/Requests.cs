namespace Aegis.Benchmarks.Load;

/// <summary>Builds requests as bytes, which are sent many times.</summary>
internal static class Requests
{
    public static byte[] Get(string path, string? token = null, string? range = null) =>
        Head($"GET {path}", token, range is null ? "" : $"Range: {range}\r\n");

    public static byte[] Token(string key, string path = "/v1/auth/token") =>
        Head($"POST {path}", null, $"X-Api-Key: {key}\r\nContent-Length: 0\r\n");

    /// <param name="path">Path of the request.</param>
    /// <param name="token">Access token.</param>
    /// <param name="json">The body.</param>
    /// <param name="more">More header lines, each with its line break.</param>
    public static byte[] Post(string path, string token, string json, string more = "") => Write("POST", path, token, json, more);

    /// <inheritdoc cref="Post"/>
    public static byte[] Put(string path, string? token, string json) => Write("PUT", path, token, json, "");

    private static byte[] Write(string method, string path, string? token, string json, string more)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return [.. Head($"{method} {path}", token, $"{more}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"), .. body];
    }

    /// <summary>The head of an upload. Its body follows separately.</summary>
    public static byte[] Upload(string path, string? token, string contentType, long length) =>
        Head($"POST {path}", token, $"Content-Type: {contentType}\r\nContent-Length: {length}\r\n");

    private static byte[] Head(string line, string? token, string more) => Encoding.ASCII.GetBytes(
        $"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}{more}\r\n");
}
