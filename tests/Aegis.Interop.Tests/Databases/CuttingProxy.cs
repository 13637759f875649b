using System.Net.Sockets;

namespace Aegis.Interop.Tests.Databases;

/// <summary>Forwards bytes until the client has sent a given word. The server gets it, but its answer never reaches the client.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly TimeSpan TimeToWork = TimeSpan.FromMilliseconds(500);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task accepting;

    public CuttingProxy(int server, string word)
    {
        listener.Start();
        accepting = Accept(server, word);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task Accept(int port, string word)
    {
        while (!end.IsCancellationRequested)
        {
            using var client = await listener.AcceptTcpClientAsync(end.Token);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, port, end.Token);
            using var back = new CancellationTokenSource();
            var answers = server.GetStream().CopyToAsync(client.GetStream(), back.Token);
            var buffer = new byte[64 * 1024];
            while (await client.GetStream().ReadAsync(buffer, end.Token) is > 0 and var read)
            {
                var cut = Encoding.Latin1.GetString(buffer, 0, read).Contains(word, StringComparison.Ordinal);
                if (cut) await back.CancelAsync();
                await server.GetStream().WriteAsync(buffer.AsMemory(0, read), end.Token);
                if (!cut) continue;
                await Task.Delay(TimeToWork, end.Token);
                break;
            }

            await back.CancelAsync();
            client.Close();
            await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
