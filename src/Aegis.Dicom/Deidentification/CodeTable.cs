using System.Text.RegularExpressions;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Code systems that everybody can look up (PS3.16 section 8): what their codes look like, and what the codes of imaging mean in their
/// own words. Words of somebody else under the name of a public scheme are a text like any other.
/// </summary>
internal static class CodeTable
{
    private static readonly FrozenDictionary<string, Regex?> Schemes = EmbeddedTable.Rows("code-schemes.tsv").ToFrozenDictionary(
        row => row[0],
        row => row[1].Length == 0 ? null : new Regex($"^(?:{row[1]})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking),
        StringComparer.Ordinal);

    // Read when the first code comes: most images have few, and the table is large.
    private static readonly Lazy<FrozenDictionary<string, string>> Meanings = new(() =>
        EmbeddedTable.Rows("codes.tsv").ToFrozenDictionary(row => Key(row[0], row[1]), row => row[2], StringComparer.Ordinal));

    private static readonly Regex VersionNumber =
        new(@"^\d{1,2}(\.\d{1,2})?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Designators of public code systems. Local ones (99…) may hold anything.</summary>
    public static bool IsPublic(string scheme) => Schemes.ContainsKey(scheme);

    /// <summary>The value is one that the scheme has, or looks like one.</summary>
    public static bool Has(string scheme, string value) =>
        Meaning(scheme, value) is not null || (Schemes.GetValueOrDefault(scheme) is { } pattern && pattern.IsMatch(value));

    /// <summary>What the scheme calls its code; null when the table does not have it.</summary>
    public static string? Meaning(string scheme, string value) => Meanings.Value.GetValueOrDefault(Key(scheme, value));

    /// <summary>A version that is too short to be a date or a name.</summary>
    public static bool IsVersion(string version) => VersionNumber.IsMatch(version);

    private static string Key(string scheme, string value) => scheme + "\t" + value;
}
