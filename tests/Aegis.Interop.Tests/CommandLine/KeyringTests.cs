using System.Net.Sockets;

namespace Aegis.Interop.Tests.CommandLine;

/// <summary>
/// The key of auth.json in GNOME Keyring, on a private bus. The commands run in this process, with a longer timeout than users have,
/// because a busy machine is slow.
/// </summary>
public sealed class KeyringTests
{
    [InteropFact("oidc-provider", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")]
    public async Task The_key_is_stored_in_the_system_keyring_only()
    {
        await using var provider = await OidcProvider.Start(900);
        using var person = new Person();
        await using var keyring = await GnomeKeyring.Start(person.Home);
        person.Variables["DBUS_SESSION_BUS_ADDRESS"] = keyring.Address;

        var login = await person.Login(provider);
        var kept = await keyring.Lookup("service", "aegis-cli", "username", "auth-store-key");
        var token = await person.Run("auth", "token");

        login.Code.Should().Be(0, login.Error);
        login.Error.Should().NotContain("weaker");
        Convert.FromBase64String(kept).Should().HaveCount(32);
        token.Code.Should().Be(0, token.Error);
        KeySource(person).Should().Be("keyring");
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(person.StoreFile)!))
            (await File.ReadAllTextAsync(path)).Should().NotContain(kept).And.NotContain(token.Out.Trim());
    }

    [InteropFact("oidc-provider", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")]
    public async Task A_second_login_uses_the_existing_key()
    {
        await using var provider = await OidcProvider.Start(900);
        using var person = new Person();
        await using var keyring = await GnomeKeyring.Start(person.Home);
        person.Variables["DBUS_SESSION_BUS_ADDRESS"] = keyring.Address;

        (await person.Login(provider)).Code.Should().Be(0);
        var first = await keyring.Lookup("service", "aegis-cli", "username", "auth-store-key");
        (await person.Login(provider)).Code.Should().Be(0);

        (await keyring.Lookup("service", "aegis-cli", "username", "auth-store-key")).Should().Be(first);
    }

    [InteropFact("oidc-provider", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")]
    public async Task A_session_survives_an_unreachable_keyring()
    {
        await using var provider = await OidcProvider.Start(900);
        using var person = new Person();
        await using (var keyring = await GnomeKeyring.Start(person.Home))
        {
            person.Variables["DBUS_SESSION_BUS_ADDRESS"] = keyring.Address;
            (await person.Login(provider)).Code.Should().Be(0);
            KeySource(person).Should().Be("keyring");
        }

        var away = await person.Run("auth", "token");

        away.Code.Should().Be(4);
        away.Error.Should().Contain("system keyring");
        File.Exists(person.StoreFile).Should().BeTrue();
    }

    [InteropFact("oidc-provider")]
    public async Task A_silent_bus_is_abandoned_after_the_patience()
    {
        await using var provider = await OidcProvider.Start(900);
        using var person = new Person { KeyringPatience = TimeSpan.FromMilliseconds(300) };
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var name = $"aegis-{Path.GetFileName(person.Home)}";
        silent.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
        silent.Listen();
        person.Variables["DBUS_SESSION_BUS_ADDRESS"] = $"unix:abstract={name}";

        var login = await person.Login(provider);

        login.Code.Should().Be(0, login.Error);
        login.Error.Should().Contain("weaker");
        KeySource(person).Should().Be("machine");
    }

    private static string? KeySource(Person person) =>
        JsonDocument.Parse(File.ReadAllText(person.StoreFile)).RootElement.GetProperty("key_source").GetString();
}
