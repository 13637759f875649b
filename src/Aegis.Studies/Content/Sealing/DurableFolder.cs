using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Aegis.Studies.Content.Sealing;

/// <summary>Makes a new or removed name in a folder survive a power cut. Windows journals names itself.</summary>
internal static class DurableFolder
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET refuses to open a folder, hence the three calls below.
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnly);
        if (descriptor < 0)
            throw Failed();

        try
        {
            if (Sync(descriptor) != 0)
                throw Failed();
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed() =>
        new("The folder of the studies could not be flushed to disk.", new Win32Exception(Marshal.GetLastPInvokeError()));

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
