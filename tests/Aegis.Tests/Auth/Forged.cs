using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Auth;

/// <summary>Well-formed keys that do not exist.</summary>
internal static class Forged
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumLength = 6;

    /// <summary>A key with the id of an existing key and a wrong secret.</summary>
    public static string WithTheIdOf(TestKey key)
    {
        var body = key.Text[..^ChecksumLength];
        body = body[..^1] + (body[^1] == 'a' ? 'b' : 'a');
        var (rest, checksum) = (KeyText.Crc32(body), "");
        for (var i = 0; i < ChecksumLength; i++, rest /= 62) checksum = Base62[(int)(rest % 62)] + checksum;
        return body + checksum;
    }

    /// <summary>A key with an id that does not exist.</summary>
    public static string Key() => KeyText.Draw(isTest: true).Text;
}
