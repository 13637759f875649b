using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Aegis.Tests.Fakes;

/// <summary>A server that sends the same answer to every client and then nothing, or endless data.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopped = new();
    private readonly TaskCompletionSource cutOff = new();
    private readonly StringBuilder heard = new();
    private int connections;
    private long written;

    public Peer(
        string answer, IPAddress? address = null, int port = 0, bool endless = false, bool dripping = false,
        X509Certificate2? certificate = null, bool resets = false)
    {
        listener = new TcpListener(address ?? IPAddress.Loopback, port);
        listener.Start();
        _ = Accept(answer, endless, dripping, certificate, resets);
    }

    public static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}/hook?token=s3cret");

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Bytes of an endless response that a client has read.</summary>
    public long Written => Interlocked.Read(ref written);

    public string Heard => heard.ToString();

    public Task CutOff => cutOff.Task;

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
    }

    private async Task Accept(string answer, bool endless, bool dripping, X509Certificate2? certificate, bool resets)
    {
        while (!stopped.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stopped.Token);
            Interlocked.Increment(ref connections);
            if (resets) client.LingerState = new LingerOption(true, 0);
            _ = Talk(client, answer, endless, dripping, certificate, resets);
        }
    }

    private async Task Talk(TcpClient client, string answer, bool endless, bool dripping, X509Certificate2? certificate, bool resets)
    {
        using var owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(certificate);
                stream = tls;
            }

            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer, stopped.Token) is > 0 and var read)
            {
                if (resets) return;
                heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stopped.Token);
                Array.Fill(buffer, (byte)'a');
                while (endless)
                {
                    await stream.WriteAsync(buffer, stopped.Token);
                    Interlocked.Add(ref written, buffer.Length);
                }

                while (dripping)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, 1), stopped.Token);
                    await Task.Delay(50, stopped.Token);
                }

                if (answer.Contains("close", StringComparison.Ordinal)) return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            cutOff.TrySetResult();
        }
    }
}
