using System.Text.RegularExpressions;

namespace Aegis.Kernel.Web.Input;

/// <summary>
/// Finds the known name that is nearest to an unknown one, and decides whether an unknown name may be repeated in a response.
/// </summary>
internal static partial class Names
{
    private const int MaxEdits = 2;
    private const int MinPrefix = 4; // 'stat' for 'status'; shorter prefixes match too many names
    private const int KeyRun = 16; // a run of letters and digits that is longer than any word
    private const int KeyDigits = 2;

    /// <summary>Returns the nearest known name or nested path; null when none is near.</summary>
    public static string? Nearest(string name, IReadOnlyCollection<string> known, IEnumerable<string> below)
    {
        var plain = Plain(name);
        var paths = below.ToList();
        return known.FirstOrDefault(k => Plain(k) == plain)
            ?? paths.Find(p => Plain(p) == plain)
            ?? paths.Find(p => Plain(p[(p.LastIndexOf('.') + 1)..]) == plain)
            ?? Closest(plain, known)
            ?? known.FirstOrDefault(k => Begins(plain, Plain(k)) || Begins(Plain(k), plain));
    }

    /// <summary>True when the name may be repeated in a response: it looks like a member name and not like a key.</summary>
    public static bool MayBeRepeated(string name) => MemberName().IsMatch(name) && !LooksLikeKey(name);

    /// <summary>True when at most two edits change it to a known name.</summary>
    public static bool IsNearly(string name, IEnumerable<string> known) =>
        known.Any(k => Edits(name, k) <= MaxEdits || Plain(name) == Plain(k));

    private static string? Closest(string plain, IEnumerable<string> known) =>
        known.Select(k => (Name: k, Edits: Edits(plain, Plain(k)))).Where(k => k.Edits <= Math.Min(MaxEdits, k.Name.Length / 2))
            .OrderBy(k => k.Edits).Select(k => k.Name).FirstOrDefault();

    private static bool Begins(string beginning, string whole) =>
        beginning.Length >= MinPrefix && whole.StartsWith(beginning, StringComparison.Ordinal);

    private static bool LooksLikeKey(string name) =>
        KeyBeginning().IsMatch(name)
        || Array.Exists(name.Split('_'), run => run.Length >= KeyRun && run.Count(char.IsAsciiDigit) >= KeyDigits);

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Levenshtein distance.</summary>
    private static int Edits(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > MaxEdits) return int.MaxValue;
        var before = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var now = new int[other.Length + 1];
            now[0] = i;
            for (var j = 1; j <= other.Length; j++)
                now[j] = Math.Min(Math.Min(now[j - 1], before[j]) + 1, before[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            before = now;
        }

        return before[^1];
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex MemberName();

    [GeneratedRegex(
        "^(aegis_|sk_|pk_|rk_|gh[opsur]_|github_pat_|glpat|xox|AKIA|ASIA|AIza|eyJ|whsec_)[A-Za-z0-9_]{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex KeyBeginning();
}
