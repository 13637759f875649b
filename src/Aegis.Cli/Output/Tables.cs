using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Aegis.Cli.Output;

/// <summary>Tables for people: drawn on a terminal, plain columns elsewhere.</summary>
internal static partial class Tables
{
    private const int Edge = 3; // a line with a blank on each side
    private const int Gap = 2;

    public static void WriteRows(CommandEnvironment around, JsonArray rows, string[] columns)
    {
        var cells = rows.Select(r => columns.Select(c => Text(Member(r, c))).ToArray()).ToList();
        List<string[]> all = [columns.Select(Title).ToArray(), .. cells];
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(around.Out) });
        // A drawn table that does not fit would break ids, which users copy. In plain columns only the terminal breaks lines.
        if (around.IsInteractive && Widths(all).Sum(w => w + Edge) < console.Profile.Width) Draw(console, all);
        else Align(around.Out, all);
    }

    public static void WriteMembers(CommandEnvironment around, JsonObject value)
    {
        var members = Flat("", value).ToList();
        var width = members.Count == 0 ? 0 : members.Max(m => m.Name.Length) + 1;
        foreach (var (name, text) in members)
        {
            var lines = text.Split('\n');
            around.Out.WriteLine($"{(name + ":").PadRight(width + Gap)}{lines[0]}");
            foreach (var line in lines.Skip(1)) around.Out.WriteLine(line.PadLeft(line.Length + width + Gap));
        }
    }

    private static void Draw(IAnsiConsole console, List<string[]> rows)
    {
        if (rows.Count == 1) console.MarkupLine("[grey]Nothing.[/]");
        if (rows.Count == 1) return;
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var title in rows[0]) table.AddColumn(new TableColumn($"[bold]{Markup.Escape(title)}[/]").NoWrap());
        foreach (var row in rows.Skip(1)) table.AddRow(row.Select(c => new Text(c)));
        console.Write(table);
    }

    private static void Align(TextWriter to, List<string[]> rows)
    {
        var widths = Widths(rows);
        foreach (var row in rows)
            to.WriteLine(string.Concat(row.Select((c, i) => i == row.Length - 1 ? c : c.PadRight(widths[i] + Gap))).TrimEnd());
    }

    private static int[] Widths(List<string[]> rows) =>
        Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();

    private static JsonNode? Member(JsonNode? row, string path) =>
        path.Split('.').Aggregate(row, (at, name) => at is JsonObject o ? o[name] : null);

    private static IEnumerable<(string Name, string Text)> Flat(string prefix, JsonObject value)
    {
        foreach (var (name, member) in value)
        {
            if (member is JsonObject inner)
                foreach (var below in Flat($"{prefix}{name}.", inner)) yield return below;
            else yield return ($"{prefix}{name}", IsListOfTexts(member) ? string.Join('\n', member!.AsArray().Select(Text)) : Text(member));
        }
    }

    /// <summary>Sentences are shown one per line, names on one line.</summary>
    private static bool IsListOfTexts(JsonNode? node) =>
        node is JsonArray { Count: > 1 } list && list.All(i => i is JsonValue) && list.Any(i => i!.ToString().Contains(' '));

    private static string Text(JsonNode? node) => node switch
    {
        null => "-",
        JsonArray { Count: 0 } => "-",
        JsonArray list when list.All(i => i is JsonValue) => string.Join(", ", list.Select(Text)),
        JsonValue value when value.GetValueKind() is JsonValueKind.String && value.ToString().Count(c => c == '\n') is > 1 and var lines =>
            $"({lines} lines: --output json shows them)",
        JsonValue value when value.GetValueKind() is JsonValueKind.String => Fraction().Replace(Printable(value.ToString()), "Z"),
        _ => Printable(node.ToJsonString()),
    };

    /// <summary>Text of other users must not move the cursor or colour the terminal.</summary>
    private static string Printable(string text)
    {
        if (!text.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format)) return text;
        var shown = new StringBuilder(text.Length);
        foreach (var c in text)
            shown.Append(c is '\n' or '\t' ? ' ' : char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format
                ? '\uFFFD'
                : c);
        return shown.ToString();
    }

    /// <summary>Tables show times to the second.</summary>
    [GeneratedRegex(@"(?<=^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z$")]
    private static partial Regex Fraction();

    /// <summary><c>createdAt</c> and <c>created_at</c> become <c>CREATED AT</c>.</summary>
    private static string Title(string path)
    {
        var title = new StringBuilder();
        foreach (var c in path.Split('.')[^1])
        {
            if (c == '_' || char.IsUpper(c)) title.Append(' ');
            if (c != '_') title.Append(char.ToUpperInvariant(c));
        }

        return title.ToString();
    }
}
