using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Aegis.Auth.Mail;

/// <summary>A letter as mail (RFC 5322, RFC 2045): plain text, in base64, so that no server changes a character of the address in it.</summary>
internal static class LetterText
{
    private const int LineLength = 76;
    private const int EncodedWordBytes = 42; // with what is around it, less than the 75 characters of RFC 2047 §2

    /// <summary>The whole message, with CRLF at the end of each line.</summary>
    public static byte[] Of(LetterKind kind, LetterContent content, MailAddress from, string messageId, DateTimeOffset now)
    {
        var message = new StringBuilder();
        void Header(string name, string value) => message.Append(name).Append(": ").Append(value).Append("\r\n");

        Header("From", from.DisplayName.Length == 0 ? from.Address : $"{Words(from.DisplayName)} <{from.Address}>");
        Header("To", $"<{content.To}>");
        Header("Subject", content.Notice?.Subject ?? SubjectOf(kind, content));
        Header("Date", now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header("Message-ID", $"<{messageId}@{from.Host}>");
        Header("Auto-Submitted", "auto-generated"); // RFC 3834: nobody's absence answers it
        Header("MIME-Version", "1.0");
        Header("Content-Type", "text/plain; charset=utf-8");
        Header("Content-Transfer-Encoding", "base64");
        message.Append("\r\n");
        var text = content.Notice is { } notice ? OfNotice(content, notice) : kind is LetterKind.Claim ? OfClaim(content) : IsRefused(content) ? OfRefusal(content) : OfInvitation(content);
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
        foreach (var line in body.Chunk(LineLength)) message.Append(line).Append("\r\n");
        return Encoding.UTF8.GetBytes(message.ToString());
    }

    private static string SubjectOf(LetterKind kind, LetterContent content) =>
        kind is LetterKind.Claim ? "Your first API key of Aegis" : IsRefused(content) ? "An invitation to Aegis was refused" : "Your invitation to Aegis";

    private static bool IsRefused(LetterContent content) => content.Url.Length == 0;

    private static string OfClaim(LetterContent content) => $"""
        The application of {content.OrganizationName} for access to Aegis was approved.

        Fetch the first API key of your organization here:

        {content.Url}

        The page has a button that shows the key, once. The address works until {Time(content.Until)}. Have your password manager or secret store open.

        Whoever has this address can fetch the key: do not forward it. If the page says that the key was shown already and it was not you, tell the platform's admin at once.

        """;

    private static string OfInvitation(LetterContent content) => $"""
        You are invited to {content.OrganizationName} in Aegis. Choose your password here:

        {content.Url}

        The address works once, until {Time(content.Until)}.

        Whoever has this address can sign in as you: do not forward it. If you did not expect it, tell an admin of your organization.

        """;

    private static string OfRefusal(LetterContent content) => $"""
        {content.OrganizationName} invited this address to Aegis. It belongs to your account in another organization, so the invitation was refused.

        Your account stays as it is, and you need not do anything. {content.OrganizationName} was not told that you have one. If you want to join it, ask its admin to invite
        another address of yours.

        """;

    private static string OfNotice(LetterContent content, LetterNotice notice) => $"""
        {notice.Subject}: {content.Url} of {content.OrganizationName} in Aegis.

        {notice.Text}

        You are told as an admin of the organization.

        """;

    private static string Time(DateTimeOffset at) => $"{at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>Words of a header, each piece by itself (RFC 2047), never within a character.</summary>
    private static string Words(string text)
    {
        if (text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')) return text;
        var words = new List<string>();
        var piece = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(piece.ToString()) + rune.Utf8SequenceLength > EncodedWordBytes) Close();
            piece.Append(rune.ToString());
        }

        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(piece.ToString()))}?=");
            piece.Clear();
        }
    }
}
