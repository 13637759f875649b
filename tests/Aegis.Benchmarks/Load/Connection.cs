using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Aegis.Benchmarks.Load;

/// <summary>An answer.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Bytes">Length of the body.</param>
/// <param name="FirstByteAt">When the first byte of the body arrived (<see cref="Stopwatch"/>).</param>
internal readonly record struct Answer(int Status, long Bytes, long FirstByteAt);

/// <summary>
/// One HTTP/1.1 connection on a bare socket, so that the client uses as little as possible of the processors it shares with the server. It
/// understands the answers of these servers: Content-Length, chunks, or a body that ends with the connection.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private const long ToTheEnd = -1;

    private readonly Socket socket;
    private readonly byte[] buffer = new byte[BufferSize];
    private int start;
    private int end;

    private Connection(Socket socket) => this.socket = socket;

    public static async Task<Connection> Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new Connection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<Answer> Send(ReadOnlyMemory<byte> request, Stream? keep = null)
    {
        await Write(request);
        return await Receive(keep);
    }

    public async ValueTask Write(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    public ValueTask WriteFile(string path) => socket.SendFileAsync(path);

    /// <summary>Reads one answer. Its body is written to <paramref name="keep"/>, or dropped.</summary>
    public async ValueTask<Answer> Receive(Stream? keep = null)
    {
        int head;
        while ((head = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0) await Fill();
        var (status, length, isChunked) = ReadHead(buffer.AsSpan(start, head));
        start += head + 4;
        if (!isChunked)
        {
            if (length == 0) return new Answer(status, 0, Stopwatch.GetTimestamp());
            if (start == end) await Fill();
            var first = Stopwatch.GetTimestamp();
            if (length == ToTheEnd) length = await TakeAll(keep);
            else await Take(length, keep);
            return new Answer(status, length, first);
        }

        var (total, firstAt) = (0L, 0L);
        while (true)
        {
            var size = await ChunkSize();
            if (firstAt == 0) firstAt = Stopwatch.GetTimestamp();
            await Take(size, keep);
            await Take(2, null);
            if (size == 0) return new Answer(status, total, firstAt);
            total += size;
        }
    }

    public void Dispose() => socket.Dispose();

    private static (int Status, long Length, bool IsChunked) ReadHead(ReadOnlySpan<byte> head)
    {
        if (!Utf8Parser.TryParse(head[9..12], out int status, out _)) throw new IOException("Not an HTTP answer.");
        var text = Encoding.ASCII.GetString(head);
        var at = text.IndexOf("\r\nContent-Length:", StringComparison.OrdinalIgnoreCase);
        var isChunked = text.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return (status, text.Contains("\r\nConnection: close", StringComparison.OrdinalIgnoreCase) ? ToTheEnd : 0, isChunked);
        var line = text.AsSpan(at + 17);
        var stop = line.IndexOf('\r');
        return (status, long.Parse(stop < 0 ? line : line[..stop]), isChunked);
    }

    private async ValueTask<long> ChunkSize()
    {
        int stop;
        while ((stop = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0) await Fill();
        if (!Utf8Parser.TryParse(buffer.AsSpan(start, stop), out long size, out _, 'x')) throw new IOException("Not a chunk.");
        start += stop + 2;
        return size;
    }

    private async ValueTask Take(long count, Stream? keep)
    {
        while (count > 0)
        {
            if (start == end) await Fill();
            var step = (int)Math.Min(count, end - start);
            keep?.Write(buffer, start, step);
            start += step;
            count -= step;
        }
    }

    private async ValueTask<long> TakeAll(Stream? keep)
    {
        var total = 0L;
        do
        {
            keep?.Write(buffer, start, end - start);
            total += end - start;
            (start, end) = (0, 0);
        }
        while (await TryFill());
        return total;
    }

    private async ValueTask Fill()
    {
        if (!await TryFill()) throw new IOException("The server closed the connection.");
    }

    private async ValueTask<bool> TryFill()
    {
        if (start == end) (start, end) = (0, 0);
        else if (end == buffer.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var count = await socket.ReceiveAsync(buffer.AsMemory(end));
        end += count;
        return count > 0;
    }
}
