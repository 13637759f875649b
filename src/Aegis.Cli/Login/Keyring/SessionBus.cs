using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Aegis.Cli.Login.Keyring;

/// <summary>A connection to the bus of the user's session, if there is one. It never starts one.</summary>
internal sealed class SessionBus : IDisposable
{
    private const int FixedHeader = 16;
    private const int MostBytes = 1 << 20;
    private const byte MethodCall = 1;
    private const byte Answer = 2;
    private const byte Refusal = 3;
    private readonly NetworkStream stream;
    private uint serial;

    private SessionBus(NetworkStream stream) => this.stream = stream;

    public static async Task<SessionBus?> ConnectAsync(Func<string, string?> variable, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || EndPoint(variable) is not { } where) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(where, ct);
            var bus = new SessionBus(new NetworkStream(socket, ownsSocket: true));
            await bus.AuthenticateAsync(ct);
            await bus.CallAsync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", "", null, ct);
            return bus;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Calls a method and gives the body of its answer.</summary>
    /// <exception cref="IOException">It was refused.</exception>
    public async Task<BusReader> CallAsync(string service, string path, string face, string method, string signature, BusWriter? body, CancellationToken ct)
    {
        var number = ++serial;
        var content = body?.ToArray() ?? [];
        var head = new BusWriter().Byte((byte)'l').Byte(MethodCall).Byte(0).Byte(1).UInt32((uint)content.Length).UInt32(number).Array(8, fields =>
        {
            fields.Align(8).Byte(1).Signature("o").Text(path);
            fields.Align(8).Byte(2).Signature("s").Text(face);
            fields.Align(8).Byte(3).Signature("s").Text(method);
            fields.Align(8).Byte(6).Signature("s").Text(service);
            if (signature.Length > 0) fields.Align(8).Byte(8).Signature("g").Signature(signature);
        }).Align(8);
        await stream.WriteAsync(head.ToArray(), ct);
        await stream.WriteAsync(content, ct);
        while (true)
        {
            var (kind, answers, error, answer) = await ReadAsync(ct);
            if (answers != number || kind is not (Answer or Refusal)) continue; // signals
            return kind == Answer ? answer : throw new IOException($"The keyring refused: {error}.");
        }
    }

    public void Dispose() => stream.Dispose();

    private static UnixDomainSocketEndPoint? EndPoint(Func<string, string?> variable)
    {
        if (variable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 } addresses)
        {
            foreach (var address in addresses.Split(';').Where(a => a.StartsWith("unix:", StringComparison.Ordinal)))
            {
                foreach (var part in address["unix:".Length..].Split(','))
                {
                    if (part.StartsWith("path=", StringComparison.Ordinal)) return new UnixDomainSocketEndPoint(Uri.UnescapeDataString(part["path=".Length..]));
                    if (part.StartsWith("abstract=", StringComparison.Ordinal)) return new UnixDomainSocketEndPoint($"\0{Uri.UnescapeDataString(part["abstract=".Length..])}");
                }
            }

            return null;
        }

        return variable("XDG_RUNTIME_DIR") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "bus"))
            ? new UnixDomainSocketEndPoint(Path.Combine(folder, "bus")) : null;
    }

    /// <summary>EXTERNAL without a name: the bus takes the user that the socket says.</summary>
    private async Task AuthenticateAsync(CancellationToken ct)
    {
        await stream.WriteAsync("\0AUTH EXTERNAL\r\n"u8.ToArray(), ct);
        if (!(await LineAsync(ct)).StartsWith("DATA", StringComparison.Ordinal)) throw new IOException("The bus refuses this user.");
        await stream.WriteAsync("DATA\r\n"u8.ToArray(), ct);
        if (!(await LineAsync(ct)).StartsWith("OK ", StringComparison.Ordinal)) throw new IOException("The bus refuses this user.");
        await stream.WriteAsync("BEGIN\r\n"u8.ToArray(), ct);
    }

    private async Task<string> LineAsync(CancellationToken ct)
    {
        var (line, one) = (new StringBuilder(), new byte[1]);
        while (line.Length < 1000)
        {
            await stream.ReadExactlyAsync(one, ct);
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        throw new IOException("The bus does not speak its protocol.");
    }

    private async Task<(byte Kind, uint Answers, string? Error, BusReader Body)> ReadAsync(CancellationToken ct)
    {
        var start = new byte[FixedHeader];
        await stream.ReadExactlyAsync(start, ct);
        var (bodyLength, fieldsLength) = (BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(4)), BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(12)));
        if (start[0] != 'l' || bodyLength > MostBytes || fieldsLength > MostBytes) throw new IOException("The bus does not speak its protocol.");
        var padded = (int)(fieldsLength + 7) / 8 * 8;
        var head = new byte[FixedHeader + padded];
        start.CopyTo(head, 0);
        await stream.ReadExactlyAsync(head.AsMemory(FixedHeader), ct);
        var body = new byte[bodyLength];
        await stream.ReadExactlyAsync(body, ct);

        var fields = new BusReader(head[..(FixedHeader + (int)fieldsLength)]);
        for (var i = 0; i < 12; i++) fields.Byte();
        var (answers, error, end) = (0u, (string?)null, fields.EndOfArray(8));
        while (fields.IsBefore(end))
        {
            var (code, kind) = (fields.Align(8).Byte(), fields.Signature());
            if (code == 5) answers = fields.UInt32();
            else if (kind is "s" or "o") error = Kept(code, fields.Text(), error);
            else if (kind == "g") fields.Signature();
            else fields.UInt32();
        }

        return (start[1], answers, error, new BusReader(body));
    }

    private static string? Kept(byte code, string text, string? error) => code == 4 ? text : error;
}
