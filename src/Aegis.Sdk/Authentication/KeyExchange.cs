namespace Aegis.Sdk.Authentication;

/// <summary>
/// Exchanges an API key for tokens that are valid for fifteen minutes: once at the first call, then shortly before each expires. All
/// concurrent calls share one exchange.
/// </summary>
internal sealed class KeyExchange(Transport transport, string key, TimeProvider clock) : TokenSource, IDisposable
{
    /// <summary>How long before its expiry a token is replaced: longer than a call is under way.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim gate = new(1);
    private volatile Held? held;

    public override async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (held is { } now && clock.GetUtcNow() < now.Until) return now.Token;
        return await ExchangeAsync(held?.Token, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<bool> RenewAsync(string refused, CancellationToken cancellationToken)
    {
        await ExchangeAsync(refused, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public void Dispose() => gate.Dispose();

    public override string ToString() => "***";

    /// <param name="oldToken">The token that must not be used any more. If another call has already replaced it, that call's token is
    /// returned.</param>
    /// <param name="ct">Cancels waiting.</param>
    private async ValueTask<string> ExchangeAsync(string? oldToken, CancellationToken ct)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (held is { } other && other.Token != oldToken) return other.Token;
            var begun = clock.GetUtcNow();
            using var response = await transport.SendAsync(Exchange, mayRepeat: true, HttpCompletionOption.ResponseContentRead, ct)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw await AegisException.FromAsync(response, clock.GetUtcNow(), ct).ConfigureAwait(false);
            var answer = await Caller.JsonAsync(response, SnakeCaseJson.Default.ExchangedToken, ct).ConfigureAwait(false);
            held = new Held(answer.AccessToken, begun + TimeSpan.FromSeconds(answer.ExpiresIn) - Early);
            return answer.AccessToken;
        }
        finally
        {
            gate.Release();
        }
    }

    private HttpRequestMessage Exchange()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(transport.BaseAddress, "v1/auth/token"));
        request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return request;
    }

    private sealed record Held(string Token, DateTimeOffset Until);
}

internal sealed record ExchangedToken([property: JsonRequired] string AccessToken, [property: JsonRequired] int ExpiresIn);
