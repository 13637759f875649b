namespace Aegis.Sdk;

/// <summary>How a client reaches its host.</summary>
public sealed record AegisClientOptions
{
    /// <summary>Address of the API; default <c>http://localhost:8012</c>.</summary>
    public Uri BaseAddress { get; init; } = new("http://localhost:8012");

    /// <summary>The API key. The client exchanges it for short-lived tokens.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A source of tokens, instead of a key.</summary>
    public TokenSource? Tokens { get; init; }

    /// <summary>
    /// Sends the calls, such as a client of an <c>IHttpClientFactory</c>. It is not disposed with this client. It should not follow
    /// redirects, and its own timeout also applies to uploads.
    /// </summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>How often a safe call is repeated. 0 disables repeats.</summary>
    public int Repeats { get; init; } = 4;

    /// <summary>The longest wait before a repeat. If the host asks for a longer one (<c>Retry-After</c>), the refusal is thrown.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a call waits for the response headers. Uploads and downloads of studies have no limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The program's name in the host's log.</summary>
    public string UserAgent { get; init; } = "aegis-sdk-dotnet/0.1";

    /// <summary>The clock; replace it in tests.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Does not show the key.</summary>
    public override string ToString() => $"AegisClientOptions {{ BaseAddress = {BaseAddress} }}";
}
