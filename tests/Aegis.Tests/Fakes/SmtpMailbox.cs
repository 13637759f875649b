using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;

namespace Aegis.Tests.Fakes;

/// <summary>A fake mail server on a real socket that keeps what it receives.</summary>
internal sealed class SmtpMailbox : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    public SmtpMailbox()
    {
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Set to offer STARTTLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The answers to the next RCPT commands, one each; then 250.</summary>
    public ConcurrentQueue<string> AnswersToRecipients { get; } = new();

    /// <summary>Sent after the answer to STARTTLS, unencrypted, as an attacker in between would.</summary>
    public string Injected { get; init; } = "";

    /// <summary>Every line received, with '!' in front of unencrypted ones.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<string> Letters { get; } = new();

    /// <summary>Returns the text of a mail message.</summary>
    public static string Body(string letter) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(letter[letter.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]));

    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Returns a client like the product's that trusts <paramref name="root"/> instead of the system's roots.</summary>
    public static SmtpClient Client(X509Certificate2? root)
    {
        var client = new SmtpClient();
        if (root is not null)
            client.ServerCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, root, errors);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        stopping.Dispose();
    }

    private static bool IsTrusted(X509Certificate? certificate, X509Certificate2 root, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 server || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }

    private async Task Accept()
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(stopping.Token);
            try
            {
                await Converse(client.GetStream());
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client has disconnected.
            }
        }
    }

    private async Task Converse(Stream stream)
    {
        var isEncrypted = false;
        await Say(stream, "220 mail.example ESMTP");
        while (await Line(stream) is { } line)
        {
            Lines.Enqueue(isEncrypted ? line : $"!{line}");
            switch (line.Split(' ', ':')[0])
            {
                case "EHLO":
                    await Say(
                        stream,
                        $"250-mail.example\r\n{(Certificate is not null && !isEncrypted ? "250-STARTTLS\r\n" : "")}{(isEncrypted ? "250-AUTH LOGIN PLAIN\r\n" : "")}250 8BITMIME");
                    break;
                case "STARTTLS":
                    await Say(stream, "220 go ahead" + Injected);
                    var encrypted = new SslStream(stream);
                    await encrypted.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stopping.Token);
                    (stream, isEncrypted) = (encrypted, true);
                    break;
                case "AUTH":
                    await Say(stream, "235 welcome");
                    break;
                case "RCPT":
                    await Say(stream, AnswersToRecipients.TryDequeue(out var answer) ? answer : "250 ok");
                    break;
                case "DATA":
                    await Say(stream, "354 go on");
                    var letter = new StringBuilder();
                    while (await Line(stream) is { } text and not ".") letter.Append(text).Append("\r\n");
                    Letters.Enqueue(letter.ToString());
                    await Say(stream, "250 kept");
                    break;
                case "QUIT":
                    await Say(stream, "221 bye");
                    return;
                default:
                    await Say(stream, "250 ok");
                    break;
            }
        }
    }

    private static async Task Say(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes($"{text}\r\n"));

    private async Task<string?> Line(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stopping.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }
}
