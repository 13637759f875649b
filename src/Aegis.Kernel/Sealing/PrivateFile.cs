namespace Aegis.Kernel.Sealing;

/// <summary>Writes small files that only the owner can read. A write is atomic.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Replaces the file atomically, and returns once the change would survive a power cut.</summary>
    public static void Write(string path, string text)
    {
        var fresh = $"{path}.{Environment.ProcessId}.new";
        WriteNew(fresh, System.Text.Encoding.UTF8.GetBytes(text), FileMode.Create);
        File.Move(fresh, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Creates the file unless it exists. Returns false when it exists.</summary>
    public static bool TryCreate(string path, byte[] bytes)
    {
        var fresh = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        WriteNew(fresh, bytes, FileMode.Create);
        try
        {
            File.Move(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(fresh);
            return false;
        }

        SyncDirectory(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Overwrites and deletes the file durably. Does nothing when the file is gone.</summary>
    public static void Destroy(string path)
    {
        if (!File.Exists(path)) return;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes created, renamed and deleted names in a folder durable.</summary>
    public static void SyncDirectory(string path) => DirectorySync.Flush(path);

    private static void WriteNew(string path, byte[] bytes, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
