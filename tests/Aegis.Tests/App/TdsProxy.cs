using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Data.SqlClient;

namespace Aegis.Tests.App;

/// <summary>What the proxy does at the awaited commit.</summary>
public enum AtCommit { Pass, CutBefore, CutAfter }

/// <summary>A proxy between the host and SQL Server, on unencrypted TDS, that can break connections.</summary>
public sealed class TdsProxy : IAsyncDisposable
{
    private const byte TransactionRequest = 14; // [MS-TDS] 2.2.3.1.1
    private const int RequestTypeAt = 8 + 22;   // packet header, then ALL_HEADERS with the transaction descriptor: 2.2.6.9
    private const ushort Commit = 7;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string host;
    private readonly int port;
    private readonly CancellationTokenSource closing = new();
    private readonly List<TcpClient> open = [];
    private AtCommit atCommit;
    private byte[] wanted = [];

    public TdsProxy(string connectionString)
    {
        var server = new SqlConnectionStringBuilder(connectionString);
        var address = server.DataSource.Replace("tcp:", "", StringComparison.OrdinalIgnoreCase).Split(',');
        (host, port) = (address[0] is "." or "(local)" ? "localhost" : address[0],
            address.Length > 1 ? int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture) : 1433);
        listener.Start();
        ConnectionString = new SqlConnectionStringBuilder(connectionString)
        {
            DataSource = $"127.0.0.1,{((IPEndPoint)listener.LocalEndpoint).Port}",
            Encrypt = SqlConnectionEncryptOption.Optional, // the proxy must read the traffic
            TrustServerCertificate = true,
            ConnectTimeout = 5,
        }.ConnectionString;
        _ = Accept();
    }

    /// <summary>Connection string of the server through the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>True to close new connections at once.</summary>
    public bool IsDown { get; set; }

    /// <summary>How many new connections are closed at once before they work.</summary>
    public int Refusals { get; set; }

    /// <summary>The number of commits of transactions that contain the awaited text.</summary>
    public int Commits { get; private set; }

    public void Await(string text, AtCommit what) => (wanted, atCommit, Commits) = (Encoding.Unicode.GetBytes(text), what, 0);

    /// <summary>Closes every open connection.</summary>
    public void CutAll()
    {
        lock (open)
        {
            foreach (var client in open) client.Close();
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        CutAll();
        closing.Dispose();
    }

    private async Task Accept()
    {
        while (!closing.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(closing.Token);
            if (IsDown || Refusals-- > 0)
            {
                client.Close();
                continue;
            }

            _ = Serve(client);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(host, port);
        lock (open)
        {
            open.Add(client);
            open.Add(server);
        }

        (client.NoDelay, server.NoDelay) = (true, true);
        try
        {
            await Task.WhenAny(Requests(client.GetStream(), server.GetStream(), client), Answers(server.GetStream(), client.GetStream()));
        }
        finally
        {
            client.Close();
        }
    }

    private async Task Requests(NetworkStream client, NetworkStream server, TcpClient connection)
    {
        var buffer = new byte[64 * 1024];
        var isWanted = false;
        for (int read; (read = await client.ReadAsync(buffer)) > 0;)
        {
            var packet = buffer.AsMemory(0, read);
            isWanted |= wanted.Length > 0 && packet.Span.IndexOf(wanted) >= 0;
            if (isWanted && IsCommit(packet.Span))
            {
                isWanted = false;
                Commits++;
                var what = atCommit;
                atCommit = AtCommit.Pass;
                if (what is AtCommit.CutBefore) return;
                if (what is AtCommit.CutAfter)
                {
                    connection.Client.Shutdown(SocketShutdown.Both); // the response is lost
                    await server.WriteAsync(packet);
                    await Task.Delay(500); // the server commits in this time
                    return;
                }
            }

            await server.WriteAsync(packet);
        }
    }

    private static async Task Answers(NetworkStream server, NetworkStream client) => await server.CopyToAsync(client);

    private static bool IsCommit(ReadOnlySpan<byte> packet) =>
        packet.Length > RequestTypeAt + 1 && packet[0] == TransactionRequest
            && BinaryPrimitives.ReadUInt16LittleEndian(packet[RequestTypeAt..]) == Commit;
}
