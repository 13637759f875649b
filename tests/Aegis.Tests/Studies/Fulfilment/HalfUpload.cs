using System.Net.Sockets;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>An upload of one instance whose second half the test may or may not send.</summary>
internal sealed class HalfUpload(Socket socket, byte[] file) : IDisposable
{
    public static async Task<HalfUpload> Send(AegisApp app, string requestId, byte[] file)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, app.BaseAddress.Port);
        var head = $"POST /v1/requests/{requestId}/fulfill HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {app.Key("provider")}\r\n"
            + $"Content-Type: application/dicom\r\nContent-Length: {file.Length}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head), SocketFlags.None);
        await socket.SendAsync(file.AsMemory(0, file.Length / 2), SocketFlags.None);
        return new HalfUpload(socket, file);
    }

    public Task SendRest() => socket.SendAsync(file.AsMemory(file.Length / 2), SocketFlags.None).AsTask();

    /// <summary>The first part of the host's answer.</summary>
    public async Task<string> Answer()
    {
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer, SocketFlags.None);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    public void Close() => socket.Close();

    public void Dispose() => socket.Dispose();
}
