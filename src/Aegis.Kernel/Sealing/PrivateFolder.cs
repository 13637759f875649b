using System.Runtime.InteropServices;

namespace Aegis.Kernel.Sealing;

/// <summary>
/// Restricts everything in the data directory to the account that the host runs as, whatever created the folder and whatever the umask was.
/// </summary>
public static class PrivateFolder
{
    private const uint NothingForOthers = 0b000_111_111;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint, // links may lead outside
        IgnoreInaccessible = true,
    };

    /// <summary>
    /// Makes all later files of this process 0600 and folders 0700, also those that libraries create. SQLite gives its journals the mode of
    /// the database file.
    /// </summary>
    public static void RestrictNewFiles()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(NothingForOthers);
    }

    /// <summary>
    /// Creates the folder if it is missing, and removes the access of other accounts to it and to files of earlier releases in it.
    /// </summary>
    /// <returns>The paths that could not be changed, because the file system has no modes or another account owns them.</returns>
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
            if (Path.Exists(entry.FullName)) failed.Add(entry.FullName); // otherwise another host has just removed it
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Umask(uint mask);
}
