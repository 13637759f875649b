namespace Aegis.Benchmarks.Report;

/// <summary>docs/benchmarks.md: written whole by each run, except what a human wrote between the markers.</summary>
internal static class Document
{
    private const string Begin = "<!-- written by hand: begin -->";
    private const string End = "<!-- written by hand: end -->";

    private static string Explanation(Plan plan) => $$"""
        # Benchmarks

        Written by `dotnet run -c Release --project tests/Aegis.Benchmarks -- --large`; the section below the table is written by hand.

        The real host runs as its own process on an empty database, with the sandbox's keys and raised rate limits. A client of bare sockets
        drives it over loopback, 32 connections unless a row says otherwise, and shares the processors ({{Environment.ProcessorCount}}) with the server, so absolute
        figures are low; ratios were taken in the same run, subject and ceiling by turns. MB are 10⁶ bytes.

        - **P1** beside an MVC action that only signs the same token; **P2** beside an MVC action that reads the same row by a compiled query;
          both once more on a host with {{plan.ManyKeys:N0}} keys and {{plan.ManySessions:N0}} sessions in its tables, beside the one with few.
        - **P4** a CT study of {{plan.Instances}} instances of half a megabyte in one request, beside an action that only hashes, writes and syncs the body.
          Speeds are those of the best of {{plan.Rounds}} rounds. Header-only instances have no pixels. Memory is the most that was resident during the upload, less what was before.
        - **P5** the same study, beside Kestrel's SendFile of the same bytes; one connection.
        - **P6** in one process without HTTP: entries that 1,000 writers make durable while the sequencer works on them, beside the same bytes in SQLite by
          one shared transaction and nothing else.
        - **P7** a backlog for eight endpoints that answer at once; one endpoint beside a thousand dead ones, by turns with a host without them.
        - **P8** one connection, {{plan.ManyRows:N0}} rows beside 1,000 with equal pages: the filters that look for few match 30 rows in both.
        - **P9** from the start of the process to the first `200` of `/readyz`, on a database that exists.

        """;

    public static void Write(IReadOnlyList<Row> rows)
    {
        var path = Path.Combine(Workspace.Solution, "docs", "benchmarks.md");
        var plan = new Plan([], IsQuick: false, IsLarge: false);
        var text = new StringBuilder()
            .Append(Explanation(plan)).Append('\n')
            .Append(Table.Of(rows)).Append("\n\n")
            .Append(Begin).Append(Kept(path)).Append(End).Append('\n');
        File.WriteAllText(path, text.ToString());
        Console.Out.WriteLine($"\nWrote {Path.GetRelativePath(Workspace.Solution, path)}.");
    }

    private static string Kept(string path)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return from < 0 || to < from ? "\n## What was missed, and what the profile says\n" : text[(from + Begin.Length)..to];
    }
}
