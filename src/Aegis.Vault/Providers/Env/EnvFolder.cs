using Microsoft.Win32.SafeHandles;

namespace Aegis.Vault.Providers.Env;

/// <summary>
/// A file in a folder of an organization, held locked against other writers. Each name of the path is opened from the folder before it and
/// no symbolic link is followed, so that nobody who can write there leads Aegis to another place, not even between a check and its use.
/// </summary>
internal sealed class EnvFolder : IAsyncDisposable
{
    private const string LockName = ".aegis.lock";
    private const string FreshEnd = ".aegis-new";
    private const int MaxBytes = 1 << 20; // a file of variables is small; what is larger is something else
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

    /// <summary>Opens the file's folder, which is made where it is missing, and waits for its lock.</summary>
    public static async Task<EnvFolder> Open(string root, string organizationId, string[] path, TimeProvider clock, CancellationToken ct)
    {
        var folder = Below(root, [organizationId, .. path[..^1]]);
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

    /// <summary>What the file holds; null when there is none.</summary>
    public byte[]? Read()
    {
        using var file = OpenAt.File(folder, name, OpenAt.ReadOnly);
        if (file is null) return null;
        try
        {
            using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
            if (stream.Length > MaxBytes)
                throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.FileUnavailable,
                    "The file is larger than 1 MiB, so it is no file of variables.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or IOException or NotSupportedException)
        {
            throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.PathNotAllowed,
                "At the file's place is something that is no file, such as a folder or a pipe.", e);
        }
    }

    /// <summary>Replaces the file, whole or not at all, and returns when that survives a power cut.</summary>
    public void Replace(byte[] bytes)
    {
        var fresh = name + FreshEnd;
        OpenAt.Remove(folder, fresh); // of a writer that was killed; the lock is ours
        using (var file = OpenAt.File(folder, fresh, OpenAt.ReadWrite | OpenAt.Create | OpenAt.MustBeNew) ?? throw Unavailable())
        using (var stream = new FileStream(file, FileAccess.Write, bufferSize: 0))
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, Mode());
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
        held.Dispose(); // which ends the lock
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private UnixFileMode Mode()
    {
        using var file = OpenAt.File(folder, name, OpenAt.ReadOnly);
        return file is null || OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(file);
    }

    private static SafeFileHandle Below(string root, string[] names)
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
            "The file or its folder cannot be opened; Aegis may lack the permission.");
}
