using System.Diagnostics;
using System.Text.Json;
using Aegis.Interop.Tests.Tools;

namespace Aegis.Interop.Tests.CommandLine;

/// <summary>The key of auth.json in GNOME Keyring, on a bus of its own.</summary>
public sealed class KeyringTests
{
    [InteropFact("oidc-provider", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")]
    public async Task The_key_is_kept_in_the_system_keyring_and_nowhere_else()
    {
        await using var provider = await OidcProvider.Start(900);
        using var aegis = new AegisCommand();
        await using var bus = await PrivateBus.Start(aegis);

        var login = await provider.Login(aegis);
        var kept = await bus.Lookup();
        var token = await aegis.Run("auth", "token");

        login.Code.Should().Be(0, login.Error);
        login.Error.Should().NotContain("weaker");
        var file = await File.ReadAllTextAsync(aegis.StoreFile);
        JsonDocument.Parse(file).RootElement.GetProperty("key_source").GetString().Should().Be("keyring");
        Convert.FromBase64String(kept).Should().HaveCount(32);
        token.Code.Should().Be(0, token.Error);
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(aegis.StoreFile)!))
            (await File.ReadAllTextAsync(path)).Should().NotContain(kept).And.NotContain(token.Out.Trim());
    }

    [InteropFact("oidc-provider", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")]
    public async Task A_session_whose_keyring_is_away_is_not_lost()
    {
        await using var provider = await OidcProvider.Start(900);
        using var aegis = new AegisCommand();
        string address;
        await using (var bus = await PrivateBus.Start(aegis))
        {
            (await provider.Login(aegis)).Code.Should().Be(0);
            address = bus.Address;
        }

        var away = await aegis.Run("auth", "token");

        away.Code.Should().Be(4);
        away.Error.Should().Contain("system keyring");
        File.Exists(aegis.StoreFile).Should().BeTrue();
        address.Should().NotBeEmpty();
    }

    private sealed class PrivateBus : IAsyncDisposable
    {
        private readonly Process bus;
        private readonly Process keyring;

        private PrivateBus(Process bus, Process keyring, string address) => (this.bus, this.keyring, Address) = (bus, keyring, address);

        public string Address { get; }

        public static async Task<PrivateBus> Start(AegisCommand aegis)
        {
            var runtime = Directory.CreateDirectory(Path.Combine(aegis.Home, "run")).FullName;
            var bus = Begin(aegis, runtime, null, "dbus-daemon", "--session", "--nofork", "--print-address=1");
            var address = await bus.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("There is no bus.");
            var keyring = Begin(aegis, runtime, address, "gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground");
            await keyring.StandardInput.WriteAsync("passphrase");
            keyring.StandardInput.Close();
            aegis.Variables["DBUS_SESSION_BUS_ADDRESS"] = address;
            var started = new PrivateBus(bus, keyring, address);
            for (var attempt = 0; attempt < 100 && !await started.IsThere(); attempt++) await Task.Delay(100);
            return started;
        }

        public async Task<string> Lookup() => (await Ask("secret-tool", "lookup", "service", "aegis-cli", "username", "auth-store-key")).Trim();

        public async ValueTask DisposeAsync()
        {
            foreach (var process in new[] { keyring, bus })
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }
        }

        private async Task<bool> IsThere() => (await Ask(
            "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"))
            .Contains("true", StringComparison.Ordinal);

        private async Task<string> Ask(string program, params string[] args)
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, Environment = { ["DBUS_SESSION_BUS_ADDRESS"] = Address } })!;
            var said = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return said;
        }

        private static Process Begin(AegisCommand aegis, string runtime, string? address, string program, params string[] args)
        {
            var start = new ProcessStartInfo(program, args)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["HOME"] = aegis.Home, ["XDG_RUNTIME_DIR"] = runtime, ["XDG_DATA_HOME"] = Path.Combine(aegis.Home, "data") },
            };
            if (address is not null) start.Environment["DBUS_SESSION_BUS_ADDRESS"] = address;
            return Process.Start(start)!;
        }
    }
}
