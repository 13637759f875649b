namespace Aegis.Interop.Tests.CommandLine;

/// <summary>An unlocked GNOME Keyring on a private bus.</summary>
internal sealed class GnomeKeyring : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// A session bus that starts no services: otherwise an early request for the keyring would start a second one, which is locked.
    /// </summary>
    private const string Configuration =
        """
        <busconfig>
          <type>session</type>
          <listen>unix:tmpdir=/tmp</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/>
            <allow own="*"/>
          </policy>
        </busconfig>
        """;

    private readonly Process bus;
    private readonly Process daemon;

    private GnomeKeyring(Process bus, Process daemon, string address) => (this.bus, this.daemon, Address) = (bus, daemon, address);

    /// <summary>Address of the bus.</summary>
    public string Address { get; }

    public static async Task<GnomeKeyring> Start(string home)
    {
        var configuration = Path.Combine(home, "bus.conf");
        await File.WriteAllTextAsync(configuration, Configuration);
        var bus = Begin(home, null, "dbus-daemon", $"--config-file={configuration}", "--nofork", "--print-address=1");
        var address = await bus.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException("There is no bus.");
        var daemon = Begin(home, address, "gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground");
        await daemon.StandardInput.WriteAsync("passphrase");
        daemon.StandardInput.Close();
        var started = new GnomeKeyring(bus, daemon, address);
        var begun = Stopwatch.GetTimestamp();
        while (!await started.HasCollection())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new TimeoutException("The keyring did not open.");
            await Task.Delay(Pause);
        }

        return started;
    }

    public async Task<string> Lookup(params string[] attributes) => (await Ask("secret-tool", ["lookup", .. attributes])).Trim();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { daemon, bus })
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>The service gets its name before it has the default collection.</summary>
    private async Task<bool> HasCollection() => (await Ask(
        "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.ReadAlias", "string:default"))
        .Contains("/collection/", StringComparison.Ordinal);

    private async Task<string> Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DBUS_SESSION_BUS_ADDRESS"] = Address },
        })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }

    private static Process Begin(string home, string? address, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = home, ["XDG_RUNTIME_DIR"] = Directory.CreateDirectory(Path.Combine(home, "run")).FullName,
                ["XDG_DATA_HOME"] = Path.Combine(home, "data") },
        };
        if (address is not null) start.Environment["DBUS_SESSION_BUS_ADDRESS"] = address;
        return Process.Start(start)!;
    }
}
