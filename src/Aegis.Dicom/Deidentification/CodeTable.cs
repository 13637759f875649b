using System.Text.RegularExpressions;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Public code systems (PS3.16 section 8): what their codes look like, and the official meanings of the codes that imaging uses.
/// A meaning that differs from the official one is treated as free text.
/// </summary>
internal static class CodeTable
{
    private static readonly FrozenDictionary<string, Regex?> Schemes = EmbeddedTable.Rows("code-schemes.tsv").ToFrozenDictionary(
        row => row[0],
        row => row[1].Length == 0 ? null : new Regex($"^(?:{row[1]})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking),
        StringComparer.Ordinal);

    // Read on first use: most images have few codes, and the table is large.
    private static readonly Lazy<FrozenDictionary<string, string>> Meanings = new(() =>
        EmbeddedTable.Rows("codes.tsv").ToFrozenDictionary(row => Key(row[0], row[1]), row => row[2], StringComparer.Ordinal));

    private static readonly Regex VersionNumber =
        new(@"^\d{1,2}(\.\d{1,2})?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Designators of public code systems. Local schemes (99…) may contain anything.</summary>
    public static bool IsPublic(string scheme) => Schemes.ContainsKey(scheme);

    /// <summary>The value is a code of the scheme, or looks like one.</summary>
    public static bool Has(string scheme, string value) =>
        Meaning(scheme, value) is not null || (Schemes.GetValueOrDefault(scheme) is { } pattern && pattern.IsMatch(value));

    /// <summary>The scheme's meaning of its code; null when the table does not list the code.</summary>
    public static string? Meaning(string scheme, string value) => Meanings.Value.GetValueOrDefault(Key(scheme, value));

    /// <summary>A version too short to be a date or a name.</summary>
    public static bool IsVersion(string version) => VersionNumber.IsMatch(version);

    private static string Key(string scheme, string value) => scheme + "\t" + value;
}
