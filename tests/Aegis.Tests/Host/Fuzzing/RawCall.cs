using System.Globalization;
using System.Net.Sockets;

namespace Aegis.Tests.Host.Fuzzing;

/// <summary>Sends bytes over a new connection and reads one response.</summary>
internal static class RawCall
{
    /// <summary>The connection was closed or reset without a response, which is acceptable.</summary>
    public const int Closed = 0;

    /// <summary>There was no response and no end within the time limit.</summary>
    public const int Hung = -1;

    private const int EnoughBytes = 256 * 1024; // of an endless stream
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    /// <summary>Returns the status of the response, and its text as far as it was read.</summary>
    public static async Task<(int Status, string Text)> Send(Uri host, ForgedRequest request)
    {
        using var time = new CancellationTokenSource(MaxWait);
        // a reset leaves no port in TIME_WAIT
        using var client = new TcpClient { NoDelay = true, LingerState = new(enable: true, seconds: 0) };
        try
        {
            await client.ConnectAsync(host.Host, host.Port, time.Token);
            var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(request.Bytes, time.Token);
                // A request that seems too short may be complete, and Kestrel does not answer a client that has hung up. So wait before
                // closing.
                if (request.IsShort && !await HasResponse(client.Client)) client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (IOException)
            {
                // Refused before everything was sent; there may still be a response.
            }

            return await Read(stream, time.Token);
        }
        catch (OperationCanceledException)
        {
            return (Hung, "");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return (Closed, "");
        }
    }

    private static async Task<bool> HasResponse(Socket socket)
    {
        for (var i = 0; i < 20; i++)
        {
            if (socket.Poll(0, SelectMode.SelectRead)) return true;
            await Task.Delay(10);
        }

        return false;
    }

    private static async Task<(int Status, string Text)> Read(NetworkStream stream, CancellationToken ct)
    {
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer, ct);
            }
            catch (IOException)
            {
                read = 0;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var all = text.ToString();
            if (read == 0) return (StatusOf(all), all);
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && all.StartsWith("HTTP/1.1 100", StringComparison.Ordinal)) all = text.Remove(0, end + 4).ToString();

            if (all.Length > EnoughBytes || IsWhole(all)) return (StatusOf(all), all);
        }
    }

    /// <summary>True when the response is complete. If only the end of the connection ends the response, this is never true.</summary>
    private static bool IsWhole(string text)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        var headers = text[..head];
        if (StatusOf(text) is 204 or 304) return true;
        const string length = "\r\nContent-Length: ";
        var at = headers.IndexOf(length, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            var expected = long.Parse(headers[(at + length.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
            return text.Length - head - 4 >= expected;
        }

        return headers.Contains("chunked", StringComparison.OrdinalIgnoreCase) && text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }

    private static int StatusOf(string text)
    {
        if (text.Length <= 12 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) return Closed;
        return int.TryParse(text.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status) ? status : Closed;
    }
}
