using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Aegis.Cli.Running;

/// <summary>The standard streams as bytes, because .NET's console hides what the child program must know.</summary>
internal static class Descriptors
{
    private const int GetFlags = 1; // F_GETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC

    /// <summary>
    /// The standard input. A closed one (<c>&lt;&amp;-</c>) is read as empty: the runtime reuses its descriptor for its own pipe, which
    /// never ends. That descriptor closes on exec, an inherited one does not.
    /// </summary>
    public static Stream Input() =>
        OperatingSystem.IsWindows() || (Control(0, GetFlags) is var flags and >= 0 && (flags & CloseOnExec) == 0)
            ? Console.OpenStandardInput()
            : Stream.Null;

    /// <summary>The standard output. It throws when the reader has gone; .NET's console ignores that.</summary>
    public static Stream Output() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new Descriptor(1);

    /// <summary>The standard error.</summary>
    public static Stream Error() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new Descriptor(2);

    /// <summary>True when the process has a terminal, where Ctrl-C reaches the whole foreground process group.</summary>
    public static bool HasTerminal()
    {
        if (OperatingSystem.IsWindows()) return true;
        try
        {
            using var terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int descriptor, in byte first, nint count);

    /// <summary>Writes at the descriptor's current position, so that a file used by both streams keeps their order.</summary>
    private sealed class Descriptor(int number) : Stream
    {
        private const int Interrupted = 4; // EINTR

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                var written = Descriptors.Write(number, in MemoryMarshal.GetReference(buffer), buffer.Length);
                if (written >= 0) buffer = buffer[(int)written..];
                else if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
                    throw new IOException(new Win32Exception(error).Message);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
