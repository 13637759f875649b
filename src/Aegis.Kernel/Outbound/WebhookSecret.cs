namespace Aegis.Kernel.Outbound;

/// <summary>
/// Signs webhooks according to Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body with a <c>whsec_</c> secret.
/// </summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;
    private const int NewBytes = 32;

    /// <summary>Creates a new secret in the form that receivers are given.</summary>
    public static string Draw() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NewBytes));

    /// <summary>Returns the bytes of a secret, or null when the text is not a valid secret.</summary>
    public static byte[]? Read(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var bytes = new byte[MaxBytes];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length >= MinBytes ? bytes[..length] : null;
    }

    /// <summary>Returns the value of <c>webhook-signature</c>: one signature per secret, separated by spaces.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(s => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(s, signed))}"));
    }
}
