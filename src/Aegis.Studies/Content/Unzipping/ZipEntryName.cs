using System.Text;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Judges names of entries. None is ever used as a path, but an archive with such names was made to harm someone
/// or by a broken program, and either should be told.
/// </summary>
internal static class ZipEntryName
{
    /// <summary>Whether the name is that of a folder.</summary>
    /// <exception cref="ContentException">The name is one no honest archive needs.</exception>
    public static bool IsFolder(ReadOnlySpan<byte> name)
    {
        var hasDrive = name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter((char)name[0]);
        if (name.IsEmpty || name[0] == '/' || hasDrive || name.Contains((byte)'\\') || name.ContainsAnyInRange((byte)0, (byte)0x1F))
            throw ZipRefusals.EntryName();

        foreach (var part in name.Split((byte)'/'))
        {
            if (name[part].SequenceEqual(".."u8))
                throw ZipRefusals.EntryName();
        }

        return name[^1] == '/';
    }

    /// <summary>
    /// Whether systems leave files of this name beside those that people meant to pack. It says nothing about the content.
    /// </summary>
    public static bool IsClutter(ReadOnlySpan<byte> name)
    {
        foreach (var part in name.Split((byte)'/'))
        {
            if (name[part].SequenceEqual("__MACOSX"u8))
                return true;
        }

        var file = name[(name.LastIndexOf((byte)'/') + 1)..];
        return file.StartsWith("._"u8) || file.SequenceEqual(".DS_Store"u8)
            || Ascii.EqualsIgnoreCase(file, "Thumbs.db"u8) || Ascii.EqualsIgnoreCase(file, "desktop.ini"u8);
    }
}
