using Aegis.Sdk;

namespace Aegis.Tests.Sdk;

/// <summary>
/// Clients of the app under test. The tests of this folder call a real host through the SDK. A <see cref="CallInterceptor"/> records the
/// calls and replaces single answers, to simulate failures.
/// </summary>
internal static class SdkApp
{
    public static AegisClient Client(this AegisApp app, string role) => new(app.BaseAddress, app.Key(role));

    /// <summary>A client whose calls go through a handler.</summary>
    public static AegisClient Client(this AegisApp app, string role, DelegatingHandler through, TimeProvider? clock = null)
    {
        through.InnerHandler ??= new SocketsHttpHandler { AllowAutoRedirect = false };
        return new AegisClient(new AegisClientOptions
        {
            BaseAddress = app.BaseAddress,
            ApiKey = app.Key(role),
            HttpClient = new HttpClient(through),
            Clock = clock ?? TimeProvider.System,
        });
    }
}

/// <summary>Records every call, and answers some of them itself.</summary>
internal sealed class CallInterceptor(Func<HttpRequestMessage, Task<HttpResponseMessage?>> answer) : DelegatingHandler
{
    private readonly List<(string Path, string? IdempotencyKey)> calls = [];

    public CallInterceptor(Func<HttpRequestMessage, HttpResponseMessage?> answer)
        : this(r => Task.FromResult(answer(r)))
    {
    }

    public IReadOnlyList<(string Path, string? IdempotencyKey)> Calls
    {
        get
        {
            lock (calls) return [.. calls];
        }
    }

    public int Count(string path) => Calls.Count(c => c.Path == path);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (calls) calls.Add(
            (request.RequestUri!.AbsolutePath, request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null));
        return await answer(request) ?? await base.SendAsync(request, cancellationToken);
    }
}
