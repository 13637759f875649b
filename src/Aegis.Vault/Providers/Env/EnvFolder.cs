using Microsoft.Win32.SafeHandles;

namespace Aegis.Vault.Providers.Env;

/// <summary>
/// A file in a folder of an organization, locked against other writers. Each name of the path is opened relative to the folder before it,
/// and no symbolic link is followed. So nobody with write access there can redirect Aegis to another path, even between a check and its
/// use.
/// </summary>
internal sealed class EnvFolder : IAsyncDisposable
{
    private const string LockName = ".aegis.lock";
    private const string FreshEnd = ".aegis-new";
    private const int MaxBytes = 1 << 20; // a dotenv file is small; a larger file is something else
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly SafeFileHandle folder;
    private readonly SafeFileHandle held;
    private readonly string name;

    private EnvFolder(SafeFileHandle folder, SafeFileHandle held, string name) =>
        (this.folder, this.held, this.name) = (folder, held, name);

    /// <summary>True for the names that Aegis itself uses in these folders.</summary>
    public static bool IsReserved(string name) => name == LockName || name.EndsWith(FreshEnd, StringComparison.Ordinal);

    /// <summary>Opens the file's folder, creates it if it is missing, and waits for its lock.</summary>
    public static async Task<EnvFolder> Open(string root, string organizationId, string[] path, TimeProvider clock, CancellationToken ct)
    {
        var folder = OpenFolder(root, [organizationId, .. path[..^1]]);
        try
        {
            var held = OpenAt.File(folder, LockName, OpenAt.ReadWrite | OpenAt.Create) ?? throw Unavailable();
            var started = clock.GetTimestamp();
            while (!OpenAt.TryLock(held))
            {
                if (clock.GetElapsedTime(started) > Patience)
                {
                    held.Dispose();
                    throw new ProviderException(
                        ProviderFault.Unreachable, ProviderCode.FileLocked, "Another process holds the lock of the file's folder.");
                }

                await Task.Delay(Pause, clock, ct);
            }

            return new EnvFolder(folder, held, path[^1]);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The content of the file; null when there is none.</summary>
    public byte[]? Read()
    {
        using var file = OpenAt.File(folder, name, OpenAt.ReadOnly);
        if (file is null) return null;
        try
        {
            using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
            if (stream.Length > MaxBytes)
                throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.FileUnavailable,
                    "The file is larger than 1 MiB, so it is not a dotenv file.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or IOException or NotSupportedException)
        {
            throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.PathNotAllowed,
                "The path is not a file, but for example a folder or a pipe.", e);
        }
    }

    /// <summary>Replaces the file atomically, and returns when the change is safe against a power failure.</summary>
    public void Replace(byte[] bytes)
    {
        var fresh = name + FreshEnd;
        OpenAt.Remove(folder, fresh); // left by a killed writer; this host has the lock
        using (var file = OpenAt.File(folder, fresh, OpenAt.ReadWrite | OpenAt.Create | OpenAt.MustBeNew) ?? throw Unavailable())
        using (var stream = new FileStream(file, FileAccess.Write, bufferSize: 0))
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, ModeOfFile());
            try
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException e)
            {
                OpenAt.Remove(folder, fresh);
                throw new ProviderException(
                    ProviderFault.Unreachable, ProviderCode.FileUnavailable, "The file cannot be written now; the disk may be full.", e);
            }
        }

        OpenAt.Rename(folder, fresh, name);
        OpenAt.Flush(folder);
    }

    public ValueTask DisposeAsync()
    {
        held.Dispose(); // this releases the lock
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private UnixFileMode ModeOfFile()
    {
        using var file = OpenAt.File(folder, name, OpenAt.ReadOnly);
        return file is null || OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(file);
    }

    private static SafeFileHandle OpenFolder(string root, string[] names)
    {
        var folder = OpenAt.Root(root) ?? throw Unavailable();
        foreach (var name in names)
        {
            using var outer = folder;
            folder = OpenAt.Folder(outer, name);
        }

        return folder;
    }

    private static ProviderException Unavailable() =>
        new(ProviderFault.Misconfigured, ProviderCode.FileUnavailable,
            "The file or its folder cannot be opened. Check the permissions of Aegis.");
}
