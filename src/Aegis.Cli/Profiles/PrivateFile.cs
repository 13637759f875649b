namespace Aegis.Cli.Profiles;

/// <summary>Files that only their owner can read, replaced atomically.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.new";
        try
        {
            using (var file = new FileStream(aside, NewFile(FileMode.CreateNew, FileShare.None)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    public static FileStreamOptions NewFile(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
