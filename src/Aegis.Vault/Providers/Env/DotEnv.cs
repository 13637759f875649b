namespace Aegis.Vault.Providers.Env;

/// <summary>
/// The text of a dotenv file: assignments, and all other lines unchanged. There is no standard, so values are written only in forms that
/// shells, Docker Compose and the libraries for Node, Python and Ruby read alike.
/// </summary>
internal sealed class DotEnv
{
    private const string Bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,=";
    private readonly List<Piece> pieces;

    private DotEnv(List<Piece> pieces) => this.pieces = pieces;

    public static DotEnv Parse(byte[] bytes) => new(Pieces(Encoding.Latin1.GetString(bytes)).ToList()); // Latin-1 preserves every byte

    /// <summary>The value as text for the right side of an assignment; null when no form is read the same by all readers.</summary>
    public static string? Quote(string value)
    {
        if (value.Any(c => char.IsControl(c) || c == '\\')) return null;
        if (value.Length > 0 && value.All(c => Bare.Contains(c))) return value;
        if (!value.Contains('\'')) return $"'{value}'";
        return value.IndexOfAny(['"', '$', '`', '!']) < 0 ? $"\"{value}\"" : null;
    }

    /// <summary>The value that readers of the file see: the last one.</summary>
    public string? Value(string variable) =>
        pieces.LastOrDefault(p => p.Variable == variable) is { } found
            ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Unquote(found.Right.Trim())))
            : null;

    /// <summary>The file with the variable set in each of its assignments, or added at the end.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="right">The quoted value.</param>
    public DotEnv With(string variable, string right)
    {
        var written = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(right));
        if (pieces.Any(p => p.Variable == variable))
            return new(pieces.ConvertAll(p => p.Variable == variable ? p with { Right = written } : p));
        var all = new List<Piece>(pieces);
        var newline = all.Any(p => p.After.EndsWith("\r\n", StringComparison.Ordinal)) ? "\r\n" : "\n";
        if (all.Count > 0 && !all[^1].After.EndsWith('\n')) all[^1] = all[^1] with { After = all[^1].After + newline };
        all.Add(new Piece($"{variable}=", variable, written, newline));
        return new(all);
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(string.Concat(pieces.Select(p => p.Before + p.Right + p.After)));

    private static IEnumerable<Piece> Pieces(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var name = NameAt(text, at, out var right);
            if (name is null)
            {
                var end = EndOfLine(text, at);
                yield return new Piece("", null, "", text[at..end]);
                at = end;
                continue;
            }

            var stop = EndOfValue(text, right);
            var next = EndOfLine(text, stop);
            yield return new Piece(text[at..right], name, text[right..stop], text[stop..next]);
            at = next;
        }
    }

    /// <summary>The variable assigned by the line that begins here, and where its value begins.</summary>
    private static string? NameAt(string text, int at, out int right)
    {
        right = at;
        if (at == 0 && text.StartsWith("\u00ef\u00bb\u00bf", StringComparison.Ordinal)) at = 3; // a byte order mark
        at = SkipBlanks(text, at);
        if (string.CompareOrdinal(text, at, "export ", 0, 7) == 0) at = SkipBlanks(text, at + 7);
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.' or '-')) at++;
        var name = text[start..at];
        at = SkipBlanks(text, at);
        if (name.Length == 0 || at >= text.Length || text[at] != '=') return null;
        right = SkipBlanks(text, at + 1);
        return name;
    }

    private static int EndOfValue(string text, int at)
    {
        if (at < text.Length && text[at] is '\'' or '"' or '`')
        {
            var quote = text[at];
            for (var i = at + 1; i < text.Length; i++)
            {
                if (text[i] == '\\' && quote == '"') i++;
                else if (text[i] == quote) return i + 1;
            }
        }

        var end = at;
        while (end < text.Length && text[end] is not ('\r' or '\n') && !(text[end] == '#' && text[end - 1] is ' ' or '\t')) end++;
        while (end > at && text[end - 1] is ' ' or '\t') end--; // spaces belong to the part after the value, like a comment
        return end;
    }

    private static string Unquote(string right) =>
        right.Length >= 2 && right[0] is '\'' or '"' or '`' && right[^1] == right[0] ? right[1..^1] : right;

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        return at;
    }

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;

    /// <summary>A line, or the lines of an assignment.</summary>
    /// <param name="Before">The text before the value.</param>
    /// <param name="Variable">The assigned variable; null for any other line.</param>
    /// <param name="Right">The value as it is written, with quotes.</param>
    /// <param name="After">A comment and the line's end.</param>
    private sealed record Piece(string Before, string? Variable, string Right, string After);
}
