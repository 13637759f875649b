using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Aegis.Auth.People.Mail;

/// <summary>Hands one letter to the mail server that the operator named (RFC 5321, RFC 3207), by MailKit.</summary>
internal static class SmtpDelivery
{
    private const int FirstFinal = 500;

    /// <exception cref="SmtpException">The server refused, or does not offer what is needed.</exception>
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
                0, client.IsConnected ? "AUTH, or another extension that it does not offer" : "STARTTLS, which it does not offer");
        }
        catch (Exception e) when (e is AuthenticationException or SslHandshakeException or SmtpProtocolException)
        {
            throw new SmtpException(
                0, e is AuthenticationException ? "AUTH" : e is SslHandshakeException ? "STARTTLS" : "a command, in a way that is no SMTP");
        }

        await Leave(client, ct);
    }

    /// <summary>An international recipient needs a server that takes one (RFC 6531).</summary>
    private static FormatOptions Format(SmtpClient client, MimeMessage message)
    {
        var isInternational = message.To.Mailboxes.Any(m => !Ascii.IsValid(m.Address));
        if (isInternational && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
            throw new SmtpException(0, "an international address, which it does not take") { IsFinal = true };
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
            SmtpErrorCode.MessageNotAccepted => "the letter",
            _ => "a command",
        };
        return new SmtpException(code, step) { IsFinal = step is "RCPT" or "the letter" && code >= FirstFinal };
    }

    /// <summary>The server has the letter; how it says goodbye does not matter.</summary>
    private static async Task Leave(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // The connection is closed by the end of the client.
        }
    }
}

/// <summary>
/// A mail server did not do what it was asked. Its words are left out, and so is the cause, since they may name the recipient.
/// </summary>
internal sealed class SmtpException(int code, string step) : Exception($"The mail server answered {code} to {step}.")
{
    public int Code => code;

    /// <summary>True when it will say the same of this letter again (RFC 5321 §4.2.1), and not because of who asks.</summary>
    public bool IsFinal { get; init; }
}
