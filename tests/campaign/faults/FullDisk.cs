using System.Diagnostics;

namespace Aegis.Faults;

/// <summary>A small file system that can be filled: a tmpfs, which only root can mount.</summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private const string Size = "64m";
    private readonly string ballast;

    private FullDisk(string ballast) => this.ballast = ballast;

    /// <summary>Mounts an empty file system on the folder.</summary>
    public static void Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        Command.Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", folder);
    }

    public static void Unmount(string folder) => Command.Run("umount", folder);

    /// <summary>Fills the file system to its last byte.</summary>
    public static Task<IAsyncDisposable> Fill(string folder)
    {
        var ballast = Path.Combine(folder, "ballast");
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1024 * 1024, 4096, 1])
        {
            try
            {
                while (true) file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Less than this size is left.
            }
        }

        return Task.FromResult<IAsyncDisposable>(new FullDisk(ballast));
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(ballast);
        return default;
    }
}

/// <summary>Runs commands that must succeed.</summary>
internal static class Command
{
    public static void Run(string name, params string[] arguments)
    {
        using var process = Process.Start(name, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
