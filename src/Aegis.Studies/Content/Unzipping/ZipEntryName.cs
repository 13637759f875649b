using System.Buffers;
using System.Globalization;
using System.Text;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Judges names of entries. None is ever used as a path, but an archive with such names was made to harm someone
/// or by a broken program, and either should be told. Programs of Windows write backslashes for slashes; they are read as such.
/// </summary>
internal static class ZipEntryName
{
    private const int MaxShown = 200;
    private static readonly SearchValues<byte> Separators = SearchValues.Create("/\\"u8);
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether the name is that of a folder.</summary>
    /// <exception cref="ContentException">The name is one no honest archive needs.</exception>
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
    /// The name for the eyes of its sender: without characters that change how text is shown, and not longer than a line.
    /// </summary>
    public static string Show(ReadOnlySpan<byte> name)
    {
        try
        {
            return Show(Utf8.GetString(name));
        }
        catch (DecoderFallbackException)
        {
            return Show(CodePagesEncodingProvider.Instance.GetEncoding(437)!.GetString(name)); // what zip means without its UTF-8 flag
        }
    }

    /// <summary>The same for a name that is text already.</summary>
    public static string Show(string name)
    {
        var shown = string.Concat(name.Take(MaxShown).Select(c => IsPrintable(c) ? c : '?'));
        return name.Length > MaxShown ? shown + "…" : shown;
    }

    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
