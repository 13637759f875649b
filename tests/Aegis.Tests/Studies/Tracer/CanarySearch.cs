using System.Text.RegularExpressions;

namespace Aegis.Tests.Studies.Tracer;

/// <summary>
/// Looks for canaries in bytes: as they are, in both UTF-16 orders, in base64 at each alignment, and in hex, in upper, lower and title
/// case.
/// </summary>
internal static partial class CanarySearch
{
    private const int Context = 24;
    private static readonly byte[][] Patterns = [.. Forms(Canary.Mark).Concat(Canary.Others.SelectMany(Plain)).Distinct(ByBytes.Instance)];

    /// <summary>The canaries that were found, each with a few characters around it; empty when there are none.</summary>
    public static List<string> In(byte[] bytes)
    {
        var found = new List<string>();
        foreach (var pattern in Patterns)
        {
            for (var at = bytes.AsSpan().IndexOf(pattern); at >= 0 && found.Count < 2000; at = Next(bytes, pattern, at))
                found.Add(Around(bytes, at, pattern.Length));
        }

        foreach (var run in Digits().EnumerateMatches(Encoding.Latin1.GetString(bytes)))
        {
            if (Canary.IsOurs(bytes.AsSpan(run.Index, run.Length))) found.Add(Around(bytes, run.Index, run.Length));
        }

        return found;
    }

    public static List<string> In(string text) => In(Encoding.UTF8.GetBytes(text));

    private static int Next(byte[] bytes, byte[] pattern, int at)
    {
        var next = bytes.AsSpan(at + 1).IndexOf(pattern);
        return next < 0 ? next : at + 1 + next;
    }

    private static IEnumerable<byte[]> Plain(string text) => [Encoding.ASCII.GetBytes(text), Encoding.Unicode.GetBytes(text)];

    private static IEnumerable<byte[]> Forms(string mark)
    {
        foreach (var text in (string[])[mark, mark.ToLowerInvariant(), mark[..1] + mark[1..].ToLowerInvariant()])
        {
            var ascii = Encoding.ASCII.GetBytes(text);
            foreach (var form in Plain(text)) yield return form;
            yield return Encoding.BigEndianUnicode.GetBytes(text);
            yield return Encoding.ASCII.GetBytes(Convert.ToHexString(ascii));
            yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(ascii));
            for (var lead = 0; lead < 3; lead++) yield return Encoding.ASCII.GetBytes(Base64(text, lead));
        }
    }

    // The characters that depend on the text only, at any position in a longer value.
    private static string Base64(string text, int lead)
    {
        var all = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string(' ', lead) + text));
        var from = (lead * 8 + 5) / 6;
        return all[from..((lead + text.Length) * 8 / 6)];
    }

    private static string Around(byte[] bytes, int at, int length)
    {
        var from = Math.Max(0, at - Context);
        var text = Encoding.Latin1.GetString(bytes, from, Math.Min(bytes.Length - from, length + 2 * Context));
        return string.Concat(text.Select(c => char.IsControl(c) ? '.' : c));
    }

    // Digits in a hex digest are not a date.
    [GeneratedRegex(@"(?<![0-9.])(?<![0-9a-f]{8})[0-9]{8,14}(?![0-9])(?![0-9a-f]{8})")]
    private static partial Regex Digits();

    private sealed class ByBytes : IEqualityComparer<byte[]>
    {
        public static readonly ByBytes Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
