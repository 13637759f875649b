using System.Buffers;
using System.Globalization;
using System.Text;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Checks the names of entries. Aegis never uses a name as a path. But an archive with an unsafe name comes from an attacker or a
/// broken program, and the sender should know. Some Windows programs write backslashes, which are read as slashes.
/// </summary>
internal static class ZipEntryName
{
    private const int MaxShown = 200;
    private static readonly SearchValues<byte> Separators = SearchValues.Create("/\\"u8);
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether the entry is a folder.</summary>
    /// <exception cref="ContentException">The name is empty, absolute, leads outside the archive or has control characters.</exception>
    public static bool IsFolder(ReadOnlySpan<byte> name)
    {
        var hasDrive = name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter((char)name[0]);
        if (name.IsEmpty || Separators.Contains(name[0]) || hasDrive || name.ContainsAnyInRange((byte)0, (byte)0x1F))
            throw ZipRefusals.EntryName();

        foreach (var part in name.SplitAny(Separators))
        {
            if (name[part].SequenceEqual(".."u8)) throw ZipRefusals.EntryName();
        }

        return Separators.Contains(name[^1]);
    }

    /// <summary>
    /// The name as its sender may see it: without characters that change how text is shown, and cut to 200 characters.
    /// </summary>
    public static string Show(ReadOnlySpan<byte> name)
    {
        try
        {
            return Show(Utf8.GetString(name));
        }
        catch (DecoderFallbackException)
        {
            return Show(CodePagesEncodingProvider.Instance.GetEncoding(437)!.GetString(name)); // zip's encoding without the UTF-8 flag
        }
    }

    /// <summary>The same for a name that is already text.</summary>
    public static string Show(string name)
    {
        var shown = string.Concat(name.Take(MaxShown).Select(c => IsPrintable(c) ? c : '?'));
        return name.Length > MaxShown ? shown + "…" : shown;
    }

    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
