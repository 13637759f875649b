using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Aegis.Benchmarks.Load;

/// <summary>Receives deliveries as fast as sockets permit, or receives them and never answers.</summary>
internal sealed class FastReceiver : IAsyncDisposable
{
    private static readonly byte[] NoContent = "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray();

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly ConcurrentQueue<long> arrivals = [];
    private readonly bool answers;

    private FastReceiver(bool answers) => this.answers = answers;

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    public int Count => arrivals.Count;

    /// <summary>Arrival times as stopwatch timestamps.</summary>
    public IReadOnlyList<long> Arrivals => [.. arrivals];

    public static FastReceiver Start(bool answers = true)
    {
        var receiver = new FastReceiver(answers);
        receiver.listener.Start(4096);
        _ = receiver.Accept();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Dispose();
        stopped.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await listener.AcceptSocketAsync(stopped.Token));
        }
        catch (OperationCanceledException)
        {
            // The receiver is stopping.
        }
    }

    private async Task Serve(Socket accepted)
    {
        using var socket = accepted;
        socket.NoDelay = true;
        var buffer = new byte[16 * 1024];
        var held = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(held), stopped.Token) is > 0 and var read)
            {
                held += read;
                while (LengthOf(buffer.AsSpan(0, held)) is { } length && held >= length)
                {
                    arrivals.Enqueue(Stopwatch.GetTimestamp());
                    buffer.AsSpan(length, held - length).CopyTo(buffer);
                    held -= length;
                    if (answers) await socket.SendAsync(NoContent, stopped.Token);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The host closed the connection.
        }
    }

    /// <summary>Length of the first request in the buffer, once its head is complete.</summary>
    private static int? LengthOf(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var name = "Content-Length: "u8;
        var at = bytes[..end].IndexOf(name);
        if (at < 0) return end + 4;
        var value = bytes[(at + name.Length)..];
        return System.Buffers.Text.Utf8Parser.TryParse(value, out int length, out _)
            ? end + 4 + length
            : throw new FormatException("Content-Length is not a number.");
    }
}
