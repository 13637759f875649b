namespace Aegis.Studies.Content.Unzipping;

/// <summary>Every reason to refuse an archive, with what its sender can do.</summary>
internal static class ZipRefusals
{
    public static ContentException Invalid(string what) =>
        new("zip_invalid", $"The upload is not a valid zip archive: {what}. Create the archive again.");

    public static ContentException Truncated() =>
        new("zip_truncated", "The zip archive ends too early. Send the whole file.");

    public static ContentException NotStreamable() =>
        new("zip_not_streamable",
            "The zip archive contains a stored entry whose size comes after its data, so it cannot be read as a stream. Create the archive "
                + "with compression, or as a file instead of through a pipe.");

    public static ContentException Encrypted() =>
        new("zip_encrypted", "The zip archive is encrypted. Send it without a password; the connection is protected.");

    public static ContentException Unsupported() =>
        new("zip_method_unsupported",
            "The zip archive uses a compression method other than 'stored' and 'deflate'. Create it with one of these.");

    public static ContentException EntryName() =>
        new("zip_entry_name",
            "The zip archive contains an entry whose name is empty or absolute, leads outside the archive, or contains control characters. "
                + "Create the archive from relative paths.");

    public static ContentException TooManyEntries(int limit) =>
        new("zip_too_many_entries",
            $"The zip archive contains more than {limit} entries. Send only the files of the study, or ask the operator to raise "
                + "Studies:MaxFiles.");

    public static ContentException EntryTooLarge(long limit) =>
        new("zip_entry_too_large",
            $"An entry of the zip archive unpacks to more than {limit} bytes, the limit for one file. Send the study without it.");

    public static ContentException TooLarge(long limit) =>
        new("zip_too_large",
            $"The zip archive unpacks to more than {limit} bytes. Send a smaller study, or ask the operator to raise "
                + "Studies:MaxUnpackedBytes.");

    public static ContentException Bomb(int ratio) =>
        new("zip_bomb", $"The zip archive unpacks to more than {ratio} times its size. Send the files uncompressed.");

    public static ContentException Mismatch() =>
        new("zip_crc_mismatch",
            "An entry of the zip archive does not match its checksum or length: the archive is damaged. Create or send it again.");
}
