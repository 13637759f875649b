namespace Aegis.Cli.Secrets;

/// <summary>
/// Copies bytes and puts <c>***</c> where one of the secrets stands, as it is or as it is usually written: in base64, in an address, in
/// JSON, a line of it. Only bytes that may be the beginning of a secret are held back.
/// </summary>
internal sealed class Masker
{
    /// <summary>Shorter ones are not masked: the mask would hide ordinary words, and so tell what they are.</summary>
    public const int MinLength = 8;

    private static readonly byte[] Mask = "***"u8.ToArray();
    private readonly List<byte[]> patterns;
    private readonly List<byte> held = [];

    public Masker(IEnumerable<string> secrets)
    {
        patterns = secrets.Where(s => s.Length >= MinLength).SelectMany(Written).Distinct(StringComparer.Ordinal)
            .Select(Encoding.UTF8.GetBytes).OrderByDescending(p => p.Length).ToList();
    }

    /// <summary>What of these bytes, and those held back before, can be shown now.</summary>
    public byte[] Pass(ReadOnlySpan<byte> bytes)
    {
        held.AddRange(bytes);
        return Take(isEnd: false);
    }

    /// <summary>The rest, once nothing follows.</summary>
    public byte[] End() => Take(isEnd: true);

    private byte[] Take(bool isEnd)
    {
        var data = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(held);
        var shown = new List<byte>(data.Length);
        var at = 0;
        while (at < data.Length)
        {
            var rest = data[at..];
            if (!isEnd && MayContinue(rest)) break;
            if (Match(rest) is { } length)
            {
                shown.AddRange(Mask);
                at += length;
            }
            else
            {
                shown.Add(rest[0]);
                at++;
            }
        }

        held.RemoveRange(0, at);
        return [.. shown];
    }

    /// <summary>Whether these bytes are the beginning of a secret that is not here whole.</summary>
    private bool MayContinue(ReadOnlySpan<byte> rest)
    {
        foreach (var pattern in patterns)
            if (rest.Length < pattern.Length && pattern.AsSpan().StartsWith(rest)) return true;
        return false;
    }

    private int? Match(ReadOnlySpan<byte> rest)
    {
        foreach (var pattern in patterns)
            if (rest.StartsWith(pattern)) return pattern.Length;
        return null;
    }

    private static IEnumerable<string> Written(string secret)
    {
        yield return secret;
        if (secret.TrimEnd('\n', '\r') is { Length: >= MinLength } line && line.Length < secret.Length)
            foreach (var written in Written(line)) yield return written;
        yield return Uri.EscapeDataString(secret);
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        yield return System.Text.Json.JsonSerializer.Serialize(secret)[1..^1];
        foreach (var part in secret.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Length >= MinLength)) yield return part;
    }
}
