using System.Net.Sockets;

namespace Aegis.Cli.Login.Keyring;

/// <summary>The Secret Service of freedesktop.org, which GNOME Keyring, KWallet and KeePassXC offer. A locked or silent one counts as none.</summary>
/// <param name="variable">Tells where the bus is.</param>
/// <param name="patience">How long it may take to answer.</param>
internal sealed class SecretService(Func<string, string?> variable, TimeSpan patience) : ISystemKeyring
{
    private const string Service = "org.freedesktop.secrets";
    private const string Root = "/org/freedesktop/secrets";
    private const string NoPrompt = "/";
    private static readonly (string, string)[] Attributes = [("service", "aegis-cli"), ("username", "auth-store-key")];

    public Task<byte[]?> FindAsync(CancellationToken ct) => AskAsync(FindAsync, ct);

    public async Task<bool> StoreAsync(byte[] key, CancellationToken ct) => await AskAsync((bus, limit) => StoreAsync(bus, key, limit), ct) is not null;

    private async Task<byte[]?> AskAsync(Func<SessionBus, CancellationToken, Task<byte[]?>> ask, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            using var bus = await SessionBus.ConnectAsync(variable, limit.Token);
            return bus is null ? null : await ask(bus, limit.Token);
        }
        catch (Exception none) when (none is IOException or SocketException || (none is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null; // no keyring: the next source is taken
        }
    }

    private static async Task<byte[]?> FindAsync(SessionBus bus, CancellationToken ct)
    {
        var found = await bus.CallAsync(Service, Root, "org.freedesktop.Secret.Service", "SearchItems", "a{ss}", new BusWriter().Texts(Attributes), ct);
        if (found.Texts() is not [var item, ..]) return null;
        var session = await SessionAsync(bus, ct);
        var answer = await bus.CallAsync(Service, item, "org.freedesktop.Secret.Item", "GetSecret", "o", new BusWriter().Text(session), ct);
        answer.Align(8).Text(); // (oayays): session, parameters, value, content type
        answer.Blob();
        return Decode(answer.Blob());
    }

    private static async Task<byte[]?> StoreAsync(SessionBus bus, byte[] key, CancellationToken ct)
    {
        var collection = (await bus.CallAsync(Service, Root, "org.freedesktop.Secret.Service", "ReadAlias", "s", new BusWriter().Text("default"), ct)).Text();
        if (collection == NoPrompt) return null;
        var session = await SessionAsync(bus, ct);
        var body = new BusWriter().Array(8, properties =>
        {
            properties.Align(8).Text("org.freedesktop.Secret.Item.Label").Signature("s").Text("Aegis command line: key of auth.json");
            properties.Align(8).Text("org.freedesktop.Secret.Item.Attributes").Signature("a{ss}").Texts(Attributes);
        });
        body.Align(8).Text(session).Blob([]).Blob(Convert.ToBase64String(key).Select(c => (byte)c).ToArray()).Text("text/plain").Boolean(true);
        var made = await bus.CallAsync(Service, collection, "org.freedesktop.Secret.Collection", "CreateItem", "a{sv}(oayays)b", body, ct);
        var item = made.Text();
        return item != NoPrompt && made.Text() == NoPrompt ? key : null; // a prompt would ask to unlock
    }

    /// <summary>"plain": what is said stays between this process, the bus and the keyring, which all are this user's.</summary>
    private static async Task<string> SessionAsync(SessionBus bus, CancellationToken ct)
    {
        var answer = await bus.CallAsync(Service, Root, "org.freedesktop.Secret.Service", "OpenSession", "sv", new BusWriter().Text("plain").Signature("s").Text(""), ct);
        answer.Signature();
        answer.Text();
        return answer.Text();
    }

    private static byte[]? Decode(byte[] text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64Chars(System.Text.Encoding.ASCII.GetString(text), key, out var length) ? key[..length] : null;
    }
}
