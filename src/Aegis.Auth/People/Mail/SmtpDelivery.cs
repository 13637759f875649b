using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Aegis.Auth.People.Mail;

/// <summary>Sends one message to the configured mail server (RFC 5321, RFC 3207) with MailKit.</summary>
internal static class SmtpDelivery
{
    private const int FirstFinal = 500; // RFC 5321 §4.2.1: codes from 500 on are permanent

    /// <exception cref="SmtpException">The server refused, or does not support a required extension.</exception>
    public static async Task Send(SmtpClient client, SmtpServer server, MimeMessage message, CancellationToken ct)
    {
        client.LocalDomain = server.From.Host;
        client.CheckCertificateRevocation = false;
        try
        {
            await client.ConnectAsync(
                server.Host, server.Port, server.StartTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, ct);
            if (server.Login is { } login) await client.AuthenticateAsync(login.User, login.Password, ct);
            await client.SendAsync(Format(client, message), message, ct);
        }
        catch (SmtpCommandException refused)
        {
            throw Refused(refused);
        }
        catch (Exception e) when (e is NotSupportedException or ServiceNotAuthenticatedException)
        {
            throw new SmtpException(
                0, client.IsConnected ? "AUTH or another extension that it does not support" : "STARTTLS, which it does not support");
        }
        catch (Exception e) when (e is AuthenticationException or SslHandshakeException or SmtpProtocolException)
        {
            throw new SmtpException(
                0, e is AuthenticationException ? "AUTH" : e is SslHandshakeException
                    ? "STARTTLS"
                    : "a command, with an answer that is not valid SMTP");
        }

        await Disconnect(client, ct);
    }

    /// <summary>An international recipient address needs a server that supports it (RFC 6531).</summary>
    private static FormatOptions Format(SmtpClient client, MimeMessage message)
    {
        var isInternational = message.To.Mailboxes.Any(m => !Ascii.IsValid(m.Address));
        if (isInternational && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
            throw new SmtpException(0, "an international address, which it does not support") { IsFinal = true };
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = isInternational;
        return format;
    }

    private static SmtpException Refused(SmtpCommandException refused)
    {
        var code = (int)refused.StatusCode;
        var step = refused.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted => "RCPT",
            SmtpErrorCode.SenderNotAccepted => "MAIL",
            SmtpErrorCode.MessageNotAccepted => "the message",
            _ => "a command",
        };
        return new SmtpException(code, step) { IsFinal = step is "RCPT" or "the message" && code >= FirstFinal };
    }

    /// <summary>The server has accepted the message, so errors while disconnecting are ignored.</summary>
    private static async Task Disconnect(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // Disposing of the client closes the connection.
        }
    }
}

/// <summary>
/// A mail server refused a command. The server's text and the inner exception are left out, because they may contain the recipient.
/// </summary>
internal sealed class SmtpException(int code, string step) : Exception($"The mail server answered {code} to {step}.")
{
    public int Code => code;

    /// <summary>
    /// True when the server would refuse this message again (RFC 5321 §4.2.1) and the cause is the message, not our login or sender
    /// address.
    /// </summary>
    public bool IsFinal { get; init; }
}
