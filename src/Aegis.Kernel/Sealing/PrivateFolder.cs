using System.Runtime.InteropServices;

namespace Aegis.Kernel.Sealing;

/// <summary>
/// Keeps everything below the data directory to the account that the host runs as, whatever made the folder and whatever the umask was.
/// </summary>
public static class PrivateFolder
{
    private const uint NothingForOthers = 0b000_111_111;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true, // links may lead outside
    };

    /// <summary>
    /// From here on the process makes 0600 files and 0700 folders, in whatever library. SQLite gives its journals the mode of the database.
    /// </summary>
    public static void RestrictNewFiles()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(NothingForOthers);
    }

    /// <summary>
    /// Makes the folder if need be, and takes away what others may do with it and with what an earlier release left in it.
    /// </summary>
    /// <returns>Names of what could not be changed, as on a file system without modes, or when another account owns it.</returns>
    public static IReadOnlyList<string> Close(string path)
    {
        PrivateFile.CreateDirectory(path);
        var failed = new List<string>();
        if (OperatingSystem.IsWindows()) return failed;
        Restrict(new DirectoryInfo(path), failed);
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything)) Restrict(entry, failed);
        return failed;
    }

    private static void Restrict(FileSystemInfo entry, List<string> failed)
    {
        if (OperatingSystem.IsWindows()) return;
        var wanted = entry is DirectoryInfo ? FolderMode : FileMode;
        try
        {
            if (entry.UnixFileMode != wanted) File.SetUnixFileMode(entry.FullName, wanted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Path.Exists(entry.FullName)) failed.Add(entry.FullName); // else another host removed it at this moment
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Umask(uint mask);
}
