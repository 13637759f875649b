using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aegis.Cli.Running;
using Spectre.Console;

namespace Aegis.Cli.Output;

/// <summary>Tables for people: drawn on a terminal, plain columns elsewhere.</summary>
internal static class Tables
{
    private const int Unbounded = 10_000; // columns are never broken where no terminal has a width
    private const int Gap = 2;

    public static void WriteRows(Surroundings around, JsonArray rows, string[] columns)
    {
        var cells = rows.Select(r => columns.Select(c => Text(Member(r, c))).ToArray()).ToList();
        if (around.IsInteractive) Draw(around, columns, cells);
        else Align(around.Out, [columns.Select(Title).ToArray(), .. cells]);
    }

    public static void WriteMembers(Surroundings around, JsonObject value)
    {
        var members = Flat("", value).ToList();
        var width = members.Count == 0 ? 0 : members.Max(m => m.Name.Length) + 1;
        foreach (var (name, text) in members) around.Out.WriteLine($"{(name + ":").PadRight(width + Gap)}{text}");
    }

    private static void Draw(Surroundings around, string[] columns, List<string[]> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(around.Out) });
        if (rows.Count == 0) console.MarkupLine("[grey]Nothing.[/]");
        if (rows.Count == 0) return;
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var column in columns) table.AddColumn(new TableColumn($"[bold]{Markup.Escape(Title(column))}[/]"));
        foreach (var row in rows) table.AddRow(row.Select(c => new Text(c)));
        console.Write(table);
    }

    private static void Align(TextWriter to, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => Math.Min(rows.Max(r => r[i].Length), Unbounded)).ToArray();
        foreach (var row in rows) to.WriteLine(string.Concat(row.Select((c, i) => i == row.Length - 1 ? c : c.PadRight(widths[i] + Gap))).TrimEnd());
    }

    private static JsonNode? Member(JsonNode? row, string path) => path.Split('.').Aggregate(row, (at, name) => at is JsonObject o ? o[name] : null);

    private static IEnumerable<(string Name, string Text)> Flat(string prefix, JsonObject value)
    {
        foreach (var (name, member) in value)
        {
            if (member is JsonObject inner)
                foreach (var below in Flat($"{prefix}{name}.", inner)) yield return below;
            else yield return ($"{prefix}{name}", Text(member));
        }
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "-",
        JsonArray { Count: 0 } => "-",
        JsonArray list when list.All(i => i is JsonValue) => string.Join(", ", list.Select(Text)),
        JsonValue value when value.GetValueKind() is JsonValueKind.String => Printable(value.GetValue<JsonElement>() is { } e ? e.GetString()! : value.ToString()),
        _ => Printable(node.ToJsonString()),
    };

    /// <summary>What others wrote must not move the cursor or colour the terminal.</summary>
    private static string Printable(string text)
    {
        if (!text.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format)) return text;
        var shown = new StringBuilder(text.Length);
        foreach (var c in text) shown.Append(c is '\n' or '\t' ? ' ' : char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format ? '\uFFFD' : c);
        return shown.ToString();
    }

    /// <summary><c>createdAt</c> and <c>created_at</c> are <c>CREATED AT</c>.</summary>
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
