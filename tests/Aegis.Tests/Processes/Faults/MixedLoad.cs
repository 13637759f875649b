using System.Net.Http.Headers;

namespace Aegis.Tests.Processes.Faults;

/// <summary>
/// Clients that create, fulfil, open, download in ranges, acknowledge, destroy, cancel and decline at the same time, and record the
/// answers.
/// </summary>
/// <param name="host">The host to call.</param>
/// <param name="ledger">Records the answers.</param>
/// <param name="excused">True if a fault permits status 503. The client then waits a moment and continues with a new item.</param>
internal sealed class MixedLoad(HostProcess host, Ledger ledger, bool excused = false)
{
    /// <summary>Header that makes a repeated call with the same key the same call.</summary>
    public const string Idempotency = "Idempotency-Key";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] Study = Parcel.Zip(Parcel.Jane.Files()).ReadAsByteArrayAsync().GetAwaiter().GetResult();

    /// <summary>Runs until the host is gone or the work is cancelled.</summary>
    public Task Run(int clients, int seed, CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(0, clients)
            .Select(i => Task.Run(() => Client(new Seeded((ulong)(seed * 100 + i)), ct), CancellationToken.None)));

    private async Task Client(Seeded random, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = new Uri(host.BaseUrl), Timeout = TimeSpan.FromSeconds(60) };
        var (consumer, provider) = (new ApiClient(http, host.Key("consumer")), new ApiClient(http, host.Key("provider")));
        while (!ct.IsCancellationRequested)
        {
            var item = ledger.Begin();
            try
            {
                await Live(item, new ApiClient(http, await Token(http)), consumer, provider, random);
            }
            catch (UnavailableException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or OperationCanceledException or System.Net.Sockets.SocketException)
            {
                return; // the host is gone
            }
        }
    }

    private async Task Live(LedgerItem item, ApiClient byToken, ApiClient consumer, ApiClient provider, Seeded random)
    {
        item.RequestId =
            Answered(item, await byToken.With(Idempotency, item.Key).Post("/v1/requests", Asking.JaneDoe), HttpStatusCode.Created)?.Id;
        if (item.RequestId is null) return;
        var fate = random.Below(10);
        if (fate == 0) return;
        if (fate is 1 or 2)
        {
            item.EndSent = true;
            var (who, verb, body) = fate == 1
                ? (consumer, "cancel", (object?)null)
                : (provider, "decline", new { reason = "other", note = "no" });
            var ended = Answered(item, await who.With(Idempotency, item.Key).Post($"/v1/requests/{item.RequestId}/{verb}", body),
                HttpStatusCode.OK);
            item.Ended = ended?["status"];
            return;
        }

        var fulfilled =
            Answered(item, await provider.PostContent($"/v1/requests/{item.RequestId}/fulfill", Parcel.Bytes(Study, "application/zip")),
                HttpStatusCode.Created);
        (item.Sha256, item.TransferId) = (fulfilled?["sha256"], fulfilled?["transferId"]);
        if (item.TransferId is null || fate == 3) return;
        if (await Download(item, consumer, 2 + random.Below(2)) is not { } bytes || fate == 4) return;

        var receipt = new { instances = 4, bytes, sha256 = item.Sha256 };
        var acknowledged = Answered(item,
            await consumer.With(Idempotency, item.Key).Post($"/v1/transfers/{item.TransferId}/acknowledge", receipt), HttpStatusCode.OK);
        item.Acknowledged = acknowledged is not null;
        if (fate < 7) return;

        item.DestroySent = true;
        var destroyed =
            Answered(item, await (fate == 7 ? provider : consumer).With(Idempotency, item.Key)
                .Post($"/v1/transfers/{item.TransferId}/destroy"), HttpStatusCode.Accepted);
        item.Destroyed = destroyed is not null;
    }

    /// <summary>Fetches the content in ranges and compares its hash. Returns its size, or null if it could not be fetched.</summary>
    private async Task<long?> Download(LedgerItem item, ApiClient consumer, int pieces)
    {
        var opened = Answered(item, await consumer.Post($"/v1/transfers/{item.TransferId}/open"), HttpStatusCode.OK);
        if (opened is null) return null;
        var size = long.Parse(opened["sizeBytes"]!, System.Globalization.CultureInfo.InvariantCulture);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var each = size / pieces + 1;
        for (var from = 0L; from < size; from += each)
        {
            var range = new RangeHeaderValue(from, Math.Min(size, from + each) - 1);
            using var answer = await new ApiClient(consumer.Http).SendStreaming(
                new HttpRequestMessage(HttpMethod.Get, opened["url"]) { Headers = { Range = range } });
            if (answer.StatusCode != HttpStatusCode.PartialContent)
            {
                Excuse(new ApiResponse(answer.StatusCode, answer.Headers, answer.Content.Headers,
                    await answer.Content.ReadAsByteArrayAsync()));
                ledger.Violate(item, $"a range was answered with {answer.StatusCode}");
                return null;
            }

            await using var body = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[16 * 1024];
            for (var count = await body.ReadAsync(buffer); count > 0; count = await body.ReadAsync(buffer))
            {
                item.Received += count;
                whole.AppendData(buffer, 0, count);
            }
        }

        if (Convert.ToHexStringLower(whole.GetHashAndReset()) != item.Sha256)
            ledger.Violate(item, "the ranges put together are not the content");
        return size;
    }

    private async Task<string> Token(HttpClient http)
    {
        var answer = await new ApiClient(http).With("X-Api-Key", host.Key("consumer")).Post("/v1/auth/token");
        if (answer.Status == HttpStatusCode.OK) return answer["access_token"]!;
        Excuse(answer);
        ledger.Violate(null, $"a token was answered with {answer.Status}: {answer.Text}");
        throw new OperationCanceledException();
    }

    private ApiResponse? Answered(LedgerItem item, ApiResponse answer, HttpStatusCode expected)
    {
        if (answer.Status == expected)
        {
            ledger.Answered();
            return answer;
        }

        Excuse(answer);
        ledger.Violate(item, $"expected {expected}, was answered with {answer.Status}: {answer.Text}");
        return null;
    }

    private void Excuse(ApiResponse answer)
    {
        if (!excused || answer.Status != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null) return;
        ledger.Refusals.Enqueue((answer["code"]!, TimeProvider.System.GetUtcNow()));
        throw new UnavailableException();
    }

    private sealed class UnavailableException : Exception;
}
