using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Auth;

/// <summary>Keys that are well formed and nobody's.</summary>
internal static class Forged
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumLength = 6;

    /// <summary>Another secret with the id of a key there is.</summary>
    public static string WithTheIdOf(TestKey key)
    {
        var body = key.Text[..^ChecksumLength];
        body = body[..^1] + (body[^1] == 'a' ? 'b' : 'a');
        var (rest, checksum) = (KeyText.Crc32(body), "");
        for (var i = 0; i < ChecksumLength; i++, rest /= 62) checksum = Base62[(int)(rest % 62)] + checksum;
        return body + checksum;
    }

    /// <summary>A key whose id nobody has.</summary>
    public static string Key() => KeyText.Draw(isTest: true).Text;
}
