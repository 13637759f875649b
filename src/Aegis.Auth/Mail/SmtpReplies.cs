using System.Text;

namespace Aegis.Auth.Mail;

/// <summary>What a mail server answers with.</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Lines">What follows them, line by line. It may repeat the recipient: never to be logged.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines);

/// <summary>A mail server did not do what it was asked. Its words are left out, since they may name the recipient.</summary>
internal sealed class SmtpException(int code, string step) : Exception($"The mail server answered {code} to {step}.")
{
    public int Code => code;

    /// <summary>True when it will say the same of this letter again (RFC 5321 §4.2.1), and not because of who asks.</summary>
    public bool IsFinal { get; init; }
}

/// <summary>Reads replies (RFC 5321 §4.2), no longer than they may be.</summary>
internal sealed class SmtpReplies(Stream stream)
{
    private const int LongestLine = 1_000;
    private const int MostLines = 100;

    private readonly byte[] buffer = new byte[4096];
    private int next;
    private int end;

    /// <summary>True when the server has said more than it was asked for.</summary>
    public bool HasMore => next < end;

    public async Task<SmtpReply> Read(CancellationToken ct)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await Line(ct);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), System.Globalization.NumberStyles.None, null, out var code))
                throw new SmtpException(0, "a line that is no reply");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ') return new SmtpReply(code, lines);
        }

        throw new SmtpException(0, "a reply that does not end");
    }

    private async Task<string> Line(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (line.Length <= LongestLine)
        {
            if (next == end)
            {
                (next, end) = (0, await stream.ReadAsync(buffer, ct));
                if (end == 0) throw new EndOfStreamException("The mail server closed the connection.");
            }

            var one = (char)buffer[next++];
            if (one == '\n') return line.ToString().TrimEnd('\r');
            line.Append(one);
        }

        throw new SmtpException(0, "a line that does not end");
    }
}
