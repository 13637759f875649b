namespace Aegis.Sdk;

/// <summary>How a client reaches its host.</summary>
public sealed record AegisClientOptions
{
    /// <summary>Where the API is: <c>http://localhost:8012</c> unless told.</summary>
    public Uri BaseAddress { get; init; } = new("http://localhost:8012");

    /// <summary>The API key. It is exchanged for short-lived tokens by itself.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Where tokens come from, instead of a key.</summary>
    public TokenSource? Tokens { get; init; }

    /// <summary>
    /// Sends the calls, such as one of an <c>IHttpClientFactory</c>; it is not disposed with the client. It should not follow redirects,
    /// and its own timeout counts for uploads too.
    /// </summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>How often a call that may be repeated is repeated. 0 switches repeating off.</summary>
    public int Repeats { get; init; } = 4;

    /// <summary>The longest wait before a repeat. When the host asks for more (<c>Retry-After</c>) the refusal is thrown instead.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a call waits for the head of its answer. Uploads and downloads of studies may take as long as they need.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Names the program in the host's log.</summary>
    public string UserAgent { get; init; } = "aegis-sdk-dotnet/0.1";

    /// <summary>The clock, for tests.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Shows no key.</summary>
    public override string ToString() => $"AegisClientOptions {{ BaseAddress = {BaseAddress} }}";
}
