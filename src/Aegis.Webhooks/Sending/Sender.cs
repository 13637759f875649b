using System.Net.Http.Headers;
using System.Text;

namespace Aegis.Webhooks.Sending;

/// <summary>Makes one attempt: signs the body, sends it and returns the result.</summary>
internal sealed class Sender(WebhooksOptions options, TimeProvider clock)
{
    private const int MaxBytes = 4096; // how much of the answer is read, so that the connection can be reused

    /// <summary>Error code: the event has been purged, so there is nothing to send.</summary>
    public const string Expired = "event_expired";

    public async Task<Outcome> Send(EndpointTarget target, Due due, SafeHttp http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (due.Body is null) return new Outcome(target.EndpointId, due, now, 0, null, Expired, null, null);

        var begun = clock.GetTimestamp();
        try
        {
            using var request = Request(target, due, now);
            var answer = await http.Tell(request, OutboundPurpose.Webhook, target.OrganizationId, options.Timeout, MaxBytes, ct);
            var error = answer.Status switch { >= 200 and < 300 => null, >= 300 and < 400 => "redirect", _ => "status" };
            return Made(answer.Status, error, Excerpt(answer.Body, http.HasGoneInward),
                error is null ? null : RetryAfter(answer.Headers.RetryAfter));
        }
        catch (OutboundException e)
        {
            return Made(null, e.Code, null, null);
        }

        Outcome Made(int? status, string? error, string? excerpt, TimeSpan? retryAfter) => new(
            target.EndpointId, due, now, (int)clock.GetElapsedTime(begun).TotalMilliseconds, status, error, excerpt,
            error is null || RetrySchedule.After(due.Step, retryAfter) is not { } wait ? null : clock.GetUtcNow() + wait);
    }

    /// <summary>
    /// The start of the answer, without control characters. Null for an address inside the network: the owner of the endpoint must not read
    /// answers of internal services.
    /// </summary>
    internal static string? Excerpt(byte[] body, bool isInward)
    {
        if (isInward || body.Length == 0) return null;
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(body).EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > AttemptMap.ExcerptLength) break;
            text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return text.ToString();
    }

    private static HttpRequestMessage Request(EndpointTarget target, Due due, DateTimeOffset now)
    {
        var body = Encoding.UTF8.GetBytes(due.Body!);
        var timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Aegis-Webhooks/1.0");
        request.Headers.Add("webhook-id", due.EventId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(target.SecretsAt(now), due.EventId, timestamp, body));
        return request;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? asked) => asked?.Delta ?? (asked?.Date - clock.GetUtcNow());
}
