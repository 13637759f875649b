using System.Net.Mail;
using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.People.Mail;

/// <summary>The mail server of this installation; null when it sends no mail.</summary>
internal sealed record MailOptions(SmtpServer? Server)
{
    private const int SubmissionPort = 587; // RFC 6409
    private const int MaxPort = 65535;

    /// <summary>Reads <c>Smtp:Host</c>, <c>Port</c>, <c>From</c>, <c>User</c>, <c>Password</c> and <c>StartTls</c>.</summary>
    public static MailOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Smtp");
        if (section["Host"]?.Trim() is not { Length: > 0 } host)
        {
            return section.GetChildren().Any(c => !string.IsNullOrEmpty(c.Value))
                ? throw new StartRefusedException("Other values of Smtp are set. Set Smtp:Host too, or remove them.")
                : new MailOptions(Server: null);
        }

        if (Uri.CheckHostName(host) is UriHostNameType.Unknown)
            throw new StartRefusedException("Smtp:Host must be the host name or IP address of a mail server.");
        var port = section.GetValue("Port", SubmissionPort);
        if (port is < 1 or > MaxPort) throw new StartRefusedException($"Smtp:Port must be between 1 and {MaxPort}.");
        if (section["From"] is not { Length: > 0 } from || !MailAddress.TryCreate(from, out var sender) || !Plain(sender.Address)
            || sender.DisplayName.Any(char.IsControl))
            throw new StartRefusedException("Smtp:From must be the sender's address, for example aegis@example.org.");
        var (user, password) = (section["User"], section["Password"]);
        if (string.IsNullOrEmpty(user) != string.IsNullOrEmpty(password))
            throw new StartRefusedException("Set both Smtp:User and Smtp:Password, or neither.");
        var startTls = section.GetValue("StartTls", defaultValue: true);
        if (!startTls && !string.IsNullOrEmpty(user))
            throw new StartRefusedException("Smtp:User requires Smtp:StartTls, because a password must not be sent in clear.");
        return new MailOptions(
            new SmtpServer(host, port, sender, string.IsNullOrEmpty(user) ? null : new SmtpLogin(user, password!), startTls));
    }

    private static bool Plain(string address) => address.All(c => c is > ' ' and < '\x7f');
}

/// <summary>The mail server that accepts our messages.</summary>
/// <param name="Host">Its name, which its certificate must contain.</param>
/// <param name="Port">587 by default.</param>
/// <param name="From">The sender's address.</param>
/// <param name="Login">The login, or null.</param>
/// <param name="StartTls">True to encrypt everything after the greeting.</param>
internal sealed record SmtpServer(string Host, int Port, MailAddress From, SmtpLogin? Login, bool StartTls);

internal sealed record SmtpLogin(string User, string Password)
{
    public override string ToString() => "***";
}
