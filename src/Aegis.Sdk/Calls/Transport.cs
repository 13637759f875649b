namespace Aegis.Sdk.Calls;

/// <summary>
/// Sends calls and repeats what is safe: after a broken connection or 502–504 only calls without a second effect, after 429 and
/// 503 when the host asks for it.
/// </summary>
internal sealed class Transport(HttpClient http, AegisClientOptions options)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxJitteredWait = TimeSpan.FromSeconds(8); // when the host gives no time

    /// <summary>Always ends with a slash, so that a base address with a path is kept.</summary>
    public Uri BaseAddress { get; } = options.BaseAddress.AbsoluteUri.EndsWith('/')
        ? options.BaseAddress
        : new Uri(options.BaseAddress.AbsoluteUri + "/");

    public TimeProvider Clock => options.Clock;

    /// <param name="make">Creates the request, again for each attempt.</param>
    /// <param name="mayRepeat">Whether a second arrival has no second effect.</param>
    /// <param name="until">When the answer counts as received.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="hasNoLimit">Whether the call has no timeout.</param>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, bool mayRepeat, HttpCompletionOption until, CancellationToken ct, bool hasNoLimit = false)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = make();
            request.Headers.UserAgent.TryParseAdd(options.UserAgent);
            TimeSpan? wait;
            try
            {
                var response = await SendOnceAsync(request, until, hasNoLimit, ct).ConfigureAwait(false);
                wait = attempt < options.Repeats ? await WaitAfterAsync(response, mayRepeat, attempt, ct).ConfigureAwait(false) : null;
                if (wait is null) return response;
                response.Dispose();
            }
            catch (HttpRequestException broken)
            {
                if (!mayRepeat || attempt >= options.Repeats) throw new AegisUnreachableException(request.RequestUri!, broken);
                wait = Jittered(attempt);
            }
            catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
            {
                if (!mayRepeat || attempt >= options.Repeats)
                    throw new AegisUnreachableException(request.RequestUri!, new TimeoutException("There was no answer in time.", late));
                wait = Jittered(attempt);
            }

            await Task.Delay(wait.Value, options.Clock, ct).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, HttpCompletionOption until, bool hasNoLimit, CancellationToken ct)
    {
        if (hasNoLimit) return await http.SendAsync(request, until, ct).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        return await http.SendAsync(request, until, limit.Token).ConfigureAwait(false);
    }

    /// <summary>How long to wait before the repeat; null when the answer is final.</summary>
    private async Task<TimeSpan?> WaitAfterAsync(HttpResponseMessage response, bool mayRepeat, int attempt, CancellationToken ct)
    {
        var asked = AegisException.RetryAfterOf(response, options.Clock.GetUtcNow());
        if (asked > options.LongestWait) return null;
        switch (response.StatusCode)
        {
            case HttpStatusCode.TooManyRequests: // refused before anything was done
                return Longer(asked, Jittered(attempt));
            case HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout when mayRepeat:
                return Longer(asked, Jittered(attempt));
            case HttpStatusCode.Conflict:
                await response.Content.LoadIntoBufferAsync(ct).ConfigureAwait(false);
                return (await Problem.ReadAsync(response, ct).ConfigureAwait(false)).Code == "idempotency_in_progress"
                    ? Longer(asked, Jittered(attempt))
                    : null;
            default:
                return null;
        }
    }

    private static TimeSpan Longer(TimeSpan? asked, TimeSpan wait) =>
        asked > wait ? asked.Value + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(100)) : wait;

    /// <summary>
    /// Half of the doubled wait plus a random part of the other half, so that clients that failed together do not return together.
    /// </summary>
    private static TimeSpan Jittered(int attempt)
    {
        var full = Math.Min(FirstWait.TotalMilliseconds * Math.Pow(2, attempt), MaxJitteredWait.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((full / 2) + RandomNumberGenerator.GetInt32((int)(full / 2) + 1));
    }
}
