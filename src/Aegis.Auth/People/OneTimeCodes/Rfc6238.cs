using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Aegis.Auth.People.OneTimeCodes;

/// <summary>Time-based one-time codes (RFC 6238) as authenticator apps make them: HMAC-SHA-1, 30 seconds, 6 digits.</summary>
internal static class Rfc6238
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    /// <summary>The length in bytes that RFC 4226 §4 recommends.</summary>
    public const int SecretSize = 20;

    private const int Drift = 1; // steps before and after, for clocks that differ and people who type slowly (RFC 6238 §5.2)
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of one step.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // authenticator apps support only SHA-1; HMAC does not depend on its collision resistance (RFC 6238 §1.2)
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0xf;
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac[offset..]) & int.MaxValue;
        return (number % (uint)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>
    /// The step whose code was given, or null. All steps are always compared, so that the time of the answer reveals nothing.
    /// </summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        long? matched = null;
        var given = Encoding.ASCII.GetBytes(code);
        for (var step = StepAt(now) - Drift; step <= StepAt(now) + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(secret, step)), given)) matched = step;
        }

        return matched;
    }

    /// <summary>RFC 4648 §6 without padding, as apps expect it.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var (bits, held) = (0, 0);
        foreach (var one in bytes)
        {
            bits = (bits << 8) | one;
            for (held += 8; held >= 5; held -= 5) text.Append(Base32[(bits >> (held - 5)) & 31]);
            bits &= (1 << held) - 1;
        }

        if (held > 0) text.Append(Base32[(bits << (5 - held)) & 31]);
        return text.ToString();
    }
}
