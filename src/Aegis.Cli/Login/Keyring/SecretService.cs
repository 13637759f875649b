using Tmds.DBus.Protocol;

namespace Aegis.Cli.Login.Keyring;

/// <summary>
/// The Secret Service of freedesktop.org, implemented by GNOME Keyring, KWallet and KeePassXC. A locked or silent one counts as none.
/// </summary>
/// <param name="variable">Reads environment variables, to find the session bus. No bus is ever started.</param>
/// <param name="patience">How long to wait for an answer.</param>
internal sealed class SecretService(Func<string, string?> variable, TimeSpan patience) : ISystemKeyring
{
    private const string Service = "org.freedesktop.secrets";
    private const string Root = "/org/freedesktop/secrets";
    private const string NoPrompt = "/";
    private static readonly (string Name, string Value)[] Attributes = [("service", "aegis-cli"), ("username", "auth-store-key")];

    public Task<byte[]?> FindAsync(CancellationToken ct) => AskAsync(FindAsync, ct);

    public async Task<bool> StoreAsync(byte[] key, CancellationToken ct) => await AskAsync(bus => StoreAsync(bus, key), ct) is not null;

    private async Task<byte[]?> AskAsync(Func<DBusConnection, Task<byte[]?>> ask, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || Address() is not { } address) return null;
        using var bus = new DBusConnection(address);
        try
        {
            return await AskAsync(bus, ask).WaitAsync(patience, ct);
        }
        catch (Exception none) when (none is DBusExceptionBase or IOException or TimeoutException or ArgumentException)
        {
            return null; // no keyring: the next source is used
        }
    }

    private static async Task<byte[]?> AskAsync(DBusConnection bus, Func<DBusConnection, Task<byte[]?>> ask)
    {
        await bus.ConnectAsync();
        return await ask(bus);
    }

    private string? Address()
    {
        if (variable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 } addresses)
            return Array.Find(addresses.Split(';'), a => a.StartsWith("unix:", StringComparison.Ordinal));
        return variable("XDG_RUNTIME_DIR") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "bus"))
            ? $"unix:path={Uri.EscapeDataString(Path.Combine(folder, "bus")).Replace("%2F", "/", StringComparison.Ordinal)}" : null;
    }

    private static async Task<byte[]?> FindAsync(DBusConnection bus)
    {
        var found =
            await bus.CallMethodAsync(Search(bus), static (Message m, object? _) => m.GetBodyReader().ReadArrayOfObjectPath(), null);
        if (found is not [var item, ..]) return null;
        var session = await SessionAsync(bus);
        var value = await bus.CallMethodAsync(Get(bus, item.ToString(), session), static (Message m, object? _) => Secret(m), null);
        return Decode(value);
    }

    private static async Task<byte[]?> StoreAsync(DBusConnection bus, byte[] key)
    {
        var collection = await bus.CallMethodAsync(
            DefaultCollection(bus), static (Message m, object? _) => m.GetBodyReader().ReadObjectPathAsString(), null);
        if (collection == NoPrompt) return null;
        var session = await SessionAsync(bus);
        var (item, prompt) =
            await bus.CallMethodAsync(Create(bus, collection, session, key), static (Message m, object? _) => ItemAndPrompt(m), null);
        return item != NoPrompt && prompt == NoPrompt ? key : null; // a prompt would ask to unlock
    }

    /// <summary>"plain" is enough: only this process, the bus and the keyring see the traffic, and all belong to this user.</summary>
    private static Task<string> SessionAsync(DBusConnection bus) =>
        bus.CallMethodAsync(OpenSession(bus), static (Message m, object? _) => Session(m), null);

    private static MessageBuffer Search(DBusConnection bus)
    {
        var call = bus.GetMessageWriter();
        call.WriteMethodCallHeader(Service, Root, "org.freedesktop.Secret.Service", "SearchItems", "a{ss}");
        WriteAttributes(ref call);
        return call.CreateMessage();
    }

    private static MessageBuffer OpenSession(DBusConnection bus)
    {
        var call = bus.GetMessageWriter();
        call.WriteMethodCallHeader(Service, Root, "org.freedesktop.Secret.Service", "OpenSession", "sv");
        call.WriteString("plain");
        call.WriteVariantString("");
        return call.CreateMessage();
    }

    private static MessageBuffer Get(DBusConnection bus, string item, string session)
    {
        var call = bus.GetMessageWriter();
        call.WriteMethodCallHeader(Service, item, "org.freedesktop.Secret.Item", "GetSecret", "o");
        call.WriteObjectPath(session);
        return call.CreateMessage();
    }

    private static MessageBuffer DefaultCollection(DBusConnection bus)
    {
        var call = bus.GetMessageWriter();
        call.WriteMethodCallHeader(Service, Root, "org.freedesktop.Secret.Service", "ReadAlias", "s");
        call.WriteString("default");
        return call.CreateMessage();
    }

    private static MessageBuffer Create(DBusConnection bus, string collection, string session, byte[] key)
    {
        var call = bus.GetMessageWriter();
        call.WriteMethodCallHeader(Service, collection, "org.freedesktop.Secret.Collection", "CreateItem", "a{sv}(oayays)b");
        var properties = call.WriteDictionaryStart();
        call.WriteDictionaryEntryStart();
        call.WriteString("org.freedesktop.Secret.Item.Label");
        call.WriteVariantString("Aegis command line: key of auth.json");
        call.WriteDictionaryEntryStart();
        call.WriteString("org.freedesktop.Secret.Item.Attributes");
        call.WriteSignature("a{ss}"); // signature of the following variant
        WriteAttributes(ref call);
        call.WriteDictionaryEnd(properties);
        call.WriteStructureStart();
        call.WriteObjectPath(session);
        call.WriteArray(Array.Empty<byte>());
        call.WriteArray(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key)));
        call.WriteString("text/plain");
        call.WriteBool(true);
        return call.CreateMessage();
    }

    private static void WriteAttributes(ref MessageWriter call)
    {
        var attributes = call.WriteDictionaryStart();
        foreach (var (name, value) in Attributes)
        {
            call.WriteDictionaryEntryStart();
            call.WriteString(name);
            call.WriteString(value);
        }

        call.WriteDictionaryEnd(attributes);
    }

    private static string Session(Message answer)
    {
        var reader = answer.GetBodyReader();
        reader.ReadVariantValue();
        return reader.ReadObjectPathAsString();
    }

    private static byte[] Secret(Message answer)
    {
        var reader = answer.GetBodyReader(); // (oayays): session, parameters, value, content type
        reader.AlignStruct();
        reader.ReadObjectPathAsString();
        reader.ReadArrayOfByte();
        return reader.ReadArrayOfByte();
    }

    private static (string Item, string Prompt) ItemAndPrompt(Message answer)
    {
        var reader = answer.GetBodyReader();
        return (reader.ReadObjectPathAsString(), reader.ReadObjectPathAsString());
    }

    private static byte[]? Decode(byte[] text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64Chars(System.Text.Encoding.ASCII.GetString(text), key, out var length) ? key[..length] : null;
    }
}
