using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Aegis.Vault.Providers.Env;

/// <summary>
/// openat(2) and related calls on Linux, which .NET does not offer. Names are opened relative to an open folder, and O_NOFOLLOW refuses
/// symbolic links.
/// </summary>
internal static class OpenAt
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int MustBeNew = 0x80;
    private const int DoNotWait = 0x800; // opening a pipe at this path must not block
    private const int CloseOnExec = 0x80000;
    private const int FolderMode = 0x1C0; // 0700
    private const int FileMode = 0x180; // 0600
    private const int LockExclusiveNow = 2 | 4;
    private const int NoSuchEntry = 2;
    private const int Exists = 17;

    // These two flags differ between processors.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    private static readonly int MustBeFolder = IsArm ? 0x4000 : 0x10000;
    private static readonly int NoLinks = IsArm ? 0x8000 : 0x20000;

    /// <summary>Opens the root. Symbolic links in its path are allowed, because the operator chose it.</summary>
    public static SafeFileHandle? Root(string path) => Handle(Open(Text(path), ReadOnly | MustBeFolder | CloseOnExec, 0));

    /// <summary>Opens a folder in a folder, and creates it if it is missing.</summary>
    public static SafeFileHandle Folder(SafeFileHandle outer, string name)
    {
        _ = MakeFolder(outer, Text(name), FolderMode); // a failure shows when the folder is opened
        return Handle(OpenIn(outer, Text(name), ReadOnly | MustBeFolder | NoLinks | CloseOnExec, 0)) ?? throw Refused();
    }

    /// <summary>Opens a file in a folder; null when there is none.</summary>
    public static SafeFileHandle? File(SafeFileHandle folder, string name, int flags)
    {
        if (Handle(OpenIn(folder, Text(name), flags | NoLinks | DoNotWait | CloseOnExec, FileMode)) is { } file) return file;
        return Marshal.GetLastPInvokeError() == NoSuchEntry ? null : throw Refused();
    }

    public static bool TryLock(SafeFileHandle file) => Lock(file, LockExclusiveNow) == 0;

    public static void Rename(SafeFileHandle folder, string from, string to)
    {
        if (RenameIn(folder, Text(from), folder, Text(to)) != 0) throw Refused();
    }

    public static void Remove(SafeFileHandle folder, string name) => _ = Unlink(folder, Text(name), 0);

    public static void Flush(SafeFileHandle folder)
    {
        // The file is renamed, but it is unknown whether that survives a power failure. The same call may be repeated.
        if (Sync(folder) != 0)
            throw new ProviderException(
                ProviderFault.InDoubt, ProviderCode.FileUnavailable, "The file was replaced, but the disk did not confirm it.");
    }

    private static ProviderException Refused()
    {
        var error = Marshal.GetLastPInvokeError();
        return error is 40 or 20 or 21 or Exists // ELOOP, ENOTDIR, EISDIR
            ? new ProviderException(ProviderFault.Misconfigured, ProviderCode.PathNotAllowed,
                "The path contains a symbolic link or something that is not a folder.")
            : new ProviderException(
                error is 28 or 122 or 5 or 30 ? ProviderFault.Unreachable : ProviderFault.Misconfigured, // ENOSPC, EDQUOT, EIO, EROFS
                ProviderCode.FileUnavailable, $"The file or its folder cannot be opened or written (errno {error}).");
    }

    private static SafeFileHandle? Handle(int descriptor) => descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);

    private static byte[] Text(string name) => Encoding.UTF8.GetBytes(name + '\0');

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenIn(SafeFileHandle folder, byte[] name, int flags, int mode);

    [DllImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakeFolder(SafeFileHandle folder, byte[] name, int mode);

    [DllImport("libc", EntryPoint = "renameat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameIn(SafeFileHandle from, byte[] name, SafeFileHandle to, byte[] newName);

    [DllImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unlink(SafeFileHandle folder, byte[] name, int flags);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Lock(SafeFileHandle file, int operation);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(SafeFileHandle file);
}
