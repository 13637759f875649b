namespace Aegis.Benchmarks.Report;

/// <summary>Rows as a Markdown table.</summary>
internal static class Table
{
    private static readonly string[] Heads =
        ["#", "operation", "figure", "ceiling", "ratio", "target", "p50 / p99 ms", "CPU of the server", "RSS"];

    public static string Of(IEnumerable<Row> rows)
    {
        var text = new StringBuilder().Append("| ").AppendJoin(" | ", Heads).Append(" |\n|");
        foreach (var _ in Heads) text.Append("---|");
        foreach (var row in rows) text.Append('\n').Append(Line(row));
        return text.ToString();
    }

    public static string Line(Row row) =>
        $"| {row.Id} | {row.What} | {row.Figure} | {row.Ceiling} | {row.Ratio:0.00} | {Target(row)} | {row.Latency} | {row.Cpu} | "
            + $"{row.Memory} |";

    public static string Megabytes(long bytes) => $"{bytes / 1048576.0:0} MiB";

    private static string Target(Row row) => row.Met switch
    {
        true => $"{row.Target} ✓",
        false => $"{row.Target} **missed**",
        null => row.Target,
    };
}
