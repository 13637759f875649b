using System.Text.RegularExpressions;

namespace Aegis.Kernel.Json;

/// <summary>Parses times that callers write in bodies and URLs.</summary>
public static partial class Rfc3339
{
    /// <summary>The serializer's message for a malformed time; it is replaced by <see cref="Sentence"/>.</summary>
    internal const string NotATime = "The text is not an RFC 3339 time.";

    private const int MaxDigits = 7; // one digit is 100 ns, a tick; other languages write nanoseconds

    public static string Sentence(string name) =>
        $"{name} must be an RFC 3339 time, for example 2026-01-31T08:00:00Z. In a URL, write the '+' of an offset as %2B.";

    public static DateTimeOffset? Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success) return null;
        var fraction = match.Groups["fraction"];
        if (fraction.Length > MaxDigits) text = text.Remove(fraction.Index + MaxDigits, fraction.Length - MaxDigits);
        const DateTimeStyles Utc = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.(?<fraction>\d{1,16}))?([Zz]|[+-]\d\d:\d\d)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
