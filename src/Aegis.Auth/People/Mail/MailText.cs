using System.Globalization;
using System.Net.Mail;
using System.Text;
using MimeKit;

namespace Aegis.Auth.People.Mail;

/// <summary>A letter as mail: plain text, in base64, so that no server changes a character of the address in it.</summary>
internal static class MailText
{
    /// <param name="kind">What it is for.</param>
    /// <param name="content">What it says, and to whom.</param>
    /// <param name="from">Whom it comes from.</param>
    /// <param name="messageId">The same for each attempt, so that servers and readers can tell a letter that came twice.</param>
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
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: nobody's absence answers it
        return message;
    }

    private static string SubjectOf(MailKind kind, MailContent content) =>
        kind is MailKind.Claim ? "Your first API key of Aegis" : IsRefused(content)
            ? "An invitation to Aegis was refused"
            : "Your invitation to Aegis";

    private static bool IsRefused(MailContent content) => content.Url.Length == 0;

    private static string OfClaim(MailContent content) => $"""
        The application of {content.OrganizationName} for access to Aegis was approved.

        Fetch the first API key of your organization here:

        {content.Url}

        The page has a button that shows the key, once. The address works until {Time(content.Until)}. Have your password manager or secret store open.

        Whoever has this address can fetch the key: do not forward it. If the page says that the key was shown already and it was not you, tell the platform's admin at once.

        """;

    private static string OfInvitation(MailContent content) => $"""
        You are invited to {content.OrganizationName} in Aegis. Choose your password here:

        {content.Url}

        The address works once, until {Time(content.Until)}.

        Whoever has this address can sign in as you: do not forward it. If you did not expect it, tell an admin of your organization.

        """;

    private static string OfRefusal(MailContent content) => $"""
        {content.OrganizationName} invited this address to Aegis. It belongs to your account in another organization, so the invitation was refused.

        Your account stays as it is, and you need not do anything. {content.OrganizationName} was not told that you have one. If you want to join it, ask its admin to invite
        another address of yours.

        """;

    private static string OfNotice(MailContent content, MailNotice notice) => $"""
        {notice.Subject}: {content.Url} of {content.OrganizationName} in Aegis.

        {notice.Text}

        You are told as an admin of the organization.

        """;

    private static string Time(DateTimeOffset at) => $"{at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC";
}
