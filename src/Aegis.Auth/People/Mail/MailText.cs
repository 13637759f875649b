using System.Globalization;
using System.Net.Mail;
using System.Text;
using MimeKit;

namespace Aegis.Auth.People.Mail;

/// <summary>
/// Formats a mail message as plain text. It is encoded in base64, so that no server changes a character of the link in it.
/// </summary>
internal static class MailText
{
    /// <param name="kind">The kind of message.</param>
    /// <param name="content">The content and the recipient.</param>
    /// <param name="from">The sender's address.</param>
    /// <param name="messageId">The same for each attempt, so that servers and mail programs can recognize a duplicate.</param>
    /// <param name="now">Time of this attempt.</param>
    public static MimeMessage Of(MailKind kind, MailContent content, MailAddress from, string messageId, DateTimeOffset now)
    {
        var text = content.Notice is { } notice ? OfNotice(content, notice) : kind is MailKind.Claim ? OfClaim(content) : IsRefused(content)
            ? OfRefusal(content)
            : OfInvitation(content);
        var body = new TextPart("plain") { ContentTransferEncoding = ContentEncoding.Base64 };
        body.SetText(Encoding.UTF8, text.ReplaceLineEndings("\r\n"));
        var message = new MimeMessage
        {
            Subject = content.Notice?.Subject ?? SubjectOf(kind, content),
            Date = now.ToUniversalTime(),
            MessageId = $"{messageId}@{from.Host}",
            Body = body,
        };
        message.From.Add(new MailboxAddress(from.DisplayName, from.Address));
        message.To.Add(new MailboxAddress("", content.To));
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: prevents automatic replies such as absence notices
        return message;
    }

    private static string SubjectOf(MailKind kind, MailContent content) =>
        kind is MailKind.Claim ? "Your first API key for Aegis" : IsRefused(content)
            ? "An invitation to Aegis was refused"
            : "Your invitation to Aegis";

    private static bool IsRefused(MailContent content) => content.Url.Length == 0;

    private static string OfClaim(MailContent content) => $"""
        The application of {content.OrganizationName} for access to Aegis was approved.

        Fetch the first API key of your organization here:

        {content.Url}

        The page has a button that shows the key. The key is shown only once, so have your password manager or secret store open.
        The link works until {Time(content.Until)}.

        Anyone who has this link can fetch the key, so do not forward it.
        If the page says that the key has already been shown and it was not you, tell the platform's admin at once.

        """;

    private static string OfInvitation(MailContent content) => $"""
        You are invited to {content.OrganizationName} in Aegis. Choose your password here:

        {content.Url}

        The link works once, until {Time(content.Until)}.

        Anyone who has this link can sign in as you, so do not forward it.
        If you did not expect this message, tell an admin of your organization.

        """;

    private static string OfRefusal(MailContent content) => $"""
        {content.OrganizationName} invited this address to Aegis.
        The address belongs to your account in another organization, so the invitation was refused.

        Your account has not changed and you do not need to do anything.
        {content.OrganizationName} was not told that you have an account.
        If you want to join it, ask its admin to invite another e-mail address of yours.

        """;

    private static string OfNotice(MailContent content, MailNotice notice) => $"""
        {notice.Subject}: {content.Url} of {content.OrganizationName} in Aegis.

        {notice.Text}

        You get this message because you are an admin of the organization.

        """;

    private static string Time(DateTimeOffset at) => $"{at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC";
}
