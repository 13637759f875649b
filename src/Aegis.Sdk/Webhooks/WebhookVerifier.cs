using System.Buffers.Text;
using System.Text;

namespace Aegis.Sdk.Webhooks;

/// <summary>
/// Checks that a webhook comes from Aegis, is recent and was not changed (Standard Webhooks 1.0). Remember the ids you have processed: a
/// delivery may arrive twice.
/// </summary>
public sealed class WebhookVerifier
{
    private const string Prefix = "whsec_";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5); // the standard's recommendation against replay
    private readonly List<byte[]> keys;
    private readonly TimeProvider clock;

    /// <summary>Creates a verifier with the secrets of an endpoint; during a rotation give both.</summary>
    /// <param name="secrets"><c>whsec_…</c>.</param>
    public WebhookVerifier(params IReadOnlyList<string> secrets)
        : this(TimeProvider.System, secrets)
    {
    }

    /// <summary>Creates a verifier with another clock.</summary>
    public WebhookVerifier(TimeProvider clock, params IReadOnlyList<string> secrets)
    {
        if (secrets.Count == 0) throw new ArgumentException("Give at least one secret.", nameof(secrets));
        (this.clock, keys) = (clock, secrets.Select(Decode).ToList());
    }

    /// <summary>Returns the event of a genuine delivery.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signature">The header <c>webhook-signature</c>.</param>
    /// <param name="body">The body as received, byte for byte: not parsed and serialized again.</param>
    /// <exception cref="WebhookVerificationException">The delivery is not genuine. Answer 400 and do nothing.</exception>
    public AegisEvent Verify(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signature))
            throw new WebhookVerificationException("One of the headers webhook-id, webhook-timestamp and webhook-signature is missing.");
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            throw new WebhookVerificationException("webhook-timestamp is not a time.");
        if (!IsSigned(id, timestamp, signature, body)) throw new WebhookVerificationException("No signature was made with a known secret.");
        if ((clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(at)).Duration() > Tolerance)
            throw new WebhookVerificationException("The timestamp differs by more than five minutes. Check the clocks.");
        try
        {
            var read = JsonSerializer.Deserialize(body, CamelCaseJson.Default.WebhookBody)!;
            return new AegisEvent(id, read.Type, read.Timestamp, read.Data);
        }
        catch (JsonException e)
        {
            throw new WebhookVerificationException("The body is signed but is not an event.", e);
        }
    }

    /// <summary>Compares every signature with every key, so that the time does not show which one matches.</summary>
    private bool IsSigned(string id, string timestamp, string signature, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{timestamp}.");
        var isSigned = false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        foreach (var key in keys)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(head);
            hmac.AppendData(body);
            var expected = hmac.GetHashAndReset();
            foreach (var one in signature.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!one.StartsWith("v1,", StringComparison.Ordinal) || !Convert.TryFromBase64String(one[3..], given, out var length))
                    continue;
                isSigned |= CryptographicOperations.FixedTimeEquals(given[..length], expected);
            }
        }

        return isSigned;
    }

    private static byte[] Decode(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        if (text.Length == 0 || !Base64.IsValid(text)) throw new ArgumentException("The value is not a webhook secret.");
        return Convert.FromBase64String(text);
    }
}

/// <summary>A delivery that is not genuine.</summary>
/// <param name="message">The reason.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class WebhookVerificationException(string message, Exception? inner = null) : Exception(message, inner);

internal sealed record WebhookBody(
    [property: System.Text.Json.Serialization.JsonRequired] string Type, DateTimeOffset Timestamp,
    [property: System.Text.Json.Serialization.JsonRequired] JsonElement Data);
