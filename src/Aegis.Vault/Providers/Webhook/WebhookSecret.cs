using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aegis.Vault.Providers.Webhook;

/// <summary>Signs as Standard Webhooks 1.0 says: HMAC-SHA256 over id, timestamp and body with a <c>whsec_</c> secret.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>The bytes of a secret; null when it is none.</summary>
    public static byte[]? Read(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var bytes = new byte[MostBytes];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length >= LeastBytes ? bytes[..length] : null;
    }

    public static string Sign(byte[] secret, string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}";
    }
}
