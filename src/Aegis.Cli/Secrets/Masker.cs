namespace Aegis.Cli.Secrets;

/// <summary>
/// Copies bytes and replaces secrets by <c>***</c>, in plain form and as they are usually written: in base64, in an address, in
/// JSON, or one line of them. Only bytes that may begin a secret are held back.
/// </summary>
internal sealed class Masker
{
    /// <summary>Shorter secrets are not masked: masking would hide ordinary words, and so reveal the secret.</summary>
    public const int MinLength = 8;

    private static readonly byte[] Mask = "***"u8.ToArray();
    private readonly List<byte[]> patterns;
    private readonly List<byte> held = [];

    public Masker(IEnumerable<string> secrets)
    {
        patterns = secrets.Where(s => s.Length >= MinLength).SelectMany(Forms).Distinct(StringComparer.Ordinal)
            .Select(Encoding.UTF8.GetBytes).OrderByDescending(p => p.Length).ToList();
    }

    /// <summary>Returns what can be shown of these bytes and those held back before.</summary>
    public byte[] Pass(ReadOnlySpan<byte> bytes)
    {
        held.AddRange(bytes);
        return Take(isEnd: false);
    }

    /// <summary>Returns the bytes still held back, at the end of the input.</summary>
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

    /// <summary>Whether these bytes may begin a secret whose end has not arrived yet.</summary>
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

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        if (secret.TrimEnd('\n', '\r') is { Length: >= MinLength } line && line.Length < secret.Length)
            foreach (var form in Forms(line)) yield return form;
        yield return Uri.EscapeDataString(secret);
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        yield return System.Text.Json.JsonSerializer.Serialize(secret)[1..^1];
        foreach (var part in secret.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Length >= MinLength)) yield return part;
    }
}
