using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Aegis.Auth.Mail;

/// <summary>
/// Hands one letter to a mail server (RFC 5321, STARTTLS of RFC 3207, AUTH of RFC 4954). The client of .NET would do, but it says nothing of a
/// server that takes STARTTLS back, ignores cancellation while it waits, and is not developed further.
/// </summary>
#pragma warning disable RS0030 // the operator names this server in the settings; the outbound policy is for addresses that callers name
internal sealed class SmtpDelivery : IDisposable
{
    private const int Ready = 220;
    private const int Accepted = 235;
    private const int Done = 250;
    private const int Continue = 334;
    private const int SendData = 354;
    private const int FirstFinal = 500;

    private readonly SmtpServer server;
    private readonly TcpClient client = new();
    private Stream stream = Stream.Null;
    private SmtpReplies replies = new(Stream.Null);
    private HashSet<string> offers = [];

    private SmtpDelivery(SmtpServer server) => this.server = server;

    /// <exception cref="SmtpException">The server refused.</exception>
    public static async Task Send(SmtpServer server, string to, byte[] message, CancellationToken ct)
    {
        using var delivery = new SmtpDelivery(server);
        await delivery.Begin(ct);
        await delivery.Hand(to, message, ct);
    }

    public void Dispose()
    {
        stream.Dispose();
        client.Dispose();
    }

    private async Task Begin(CancellationToken ct)
    {
        await client.ConnectAsync(server.Host, server.Port, ct);
        Use(client.GetStream());
        Expect(await replies.Read(ct), Ready, "the connection");
        await Greet(ct);
        if (server.StartTls) await Encrypt(ct);
        if (server.Login is { } login) await LogIn(login, ct);
    }

    private async Task Greet(CancellationToken ct)
    {
        var greeting = await Ask($"EHLO {server.From.Host}", Done, "EHLO", ct);
        offers = greeting.Lines.Skip(1).Select(l => l.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
    }

    private async Task Encrypt(CancellationToken ct)
    {
        if (!offers.Contains("STARTTLS")) throw new SmtpException(0, "STARTTLS, which it does not offer");
        await Ask("STARTTLS", Ready, "STARTTLS", ct);
        if (replies.HasMore) throw new SmtpException(0, "STARTTLS with more than one reply"); // said by somebody between us and the server

        var encrypted = new SslStream(stream);
        Use(encrypted);
        var options = new SslClientAuthenticationOptions { TargetHost = server.Host };
        if (server.Root is { } root)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        await encrypted.AuthenticateAsClientAsync(options, ct);
        await Greet(ct); // what was offered in clear does not count
    }

    private async Task LogIn(SmtpLogin login, CancellationToken ct)
    {
        var ways = offers.FirstOrDefault(o => o.StartsWith("AUTH ", StringComparison.Ordinal))?.Split(' ') ?? [];
        if (ways.Contains("PLAIN"))
        {
            await Ask($"AUTH PLAIN {Base64($"\0{login.User}\0{login.Password}")}", Accepted, "AUTH", ct);
        }
        else if (ways.Contains("LOGIN"))
        {
            await Ask("AUTH LOGIN", Continue, "AUTH", ct);
            await Ask(Base64(login.User), Continue, "AUTH", ct);
            await Ask(Base64(login.Password), Accepted, "AUTH", ct);
        }
        else
        {
            throw new SmtpException(0, "AUTH, of which it offers neither PLAIN nor LOGIN");
        }
    }

    private async Task Hand(string to, byte[] message, CancellationToken ct)
    {
        var international = !Ascii.IsValid(to);
        if (international && !offers.Contains("SMTPUTF8")) throw new SmtpException(0, "an international address, which it does not take") { IsFinal = true };
        await Ask($"MAIL FROM:<{server.From.Address}>{(international ? " SMTPUTF8" : "")}", Done, "MAIL", ct);
        await Ask($"RCPT TO:<{to}>", Done, "RCPT", ct, ofLetter: true);
        await Ask("DATA", SendData, "DATA", ct);
        await stream.WriteAsync(message, ct); // ends with CRLF, and no line of it begins with a dot
        await Ask(".", Done, "the letter", ct, ofLetter: true);
        try
        {
            await Ask("QUIT", 221, "QUIT", ct);
        }
        catch (Exception e) when (e is IOException or SmtpException or OperationCanceledException)
        {
            // It has the letter; how it says goodbye does not matter.
        }
    }

    private async Task<SmtpReply> Ask(string line, int expected, string step, CancellationToken ct, bool ofLetter = false)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\r\n"), ct);
        await stream.FlushAsync(ct);
        var reply = await replies.Read(ct);
        Expect(reply, expected, step, ofLetter);
        return reply;
    }

    private static void Expect(SmtpReply reply, int expected, string step, bool ofLetter = false)
    {
        var isExpected = reply.Code == expected || (step == "RCPT" && reply.Code == 251); // 251: it will forward
        if (!isExpected) throw new SmtpException(reply.Code, step) { IsFinal = ofLetter && reply.Code >= FirstFinal };
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void Use(Stream next) => (stream, replies) = (next, new SmtpReplies(next));
}
