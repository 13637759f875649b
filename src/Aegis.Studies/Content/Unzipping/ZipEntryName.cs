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
}
