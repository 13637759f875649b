namespace Aegis.Benchmarks.Report;

/// <summary>Writes docs/benchmarks.md. Each run replaces the whole file except the text between the markers.</summary>
internal static class Document
{
    private const string Begin = "<!-- written by hand: begin -->";
    private const string End = "<!-- written by hand: end -->";

    private static string Explanation(Plan plan) => $$"""
        # Benchmarks

        Written by `dotnet run -c Release --project tests/Aegis.Benchmarks -- --large`; the section below the table is written by hand.

        The real host runs in its own process on an empty database, with the sandbox's keys and raised rate limits. A client that uses bare sockets
        calls it over loopback, with 32 connections unless a row says otherwise. It shares the processors ({{Environment.ProcessorCount}}) with the server, so absolute
        figures are low. For the ratios, subject and ceiling were measured alternately in the same run. MB are 10⁶ bytes.

        - **P1** compared with an MVC action that only signs the same token; **P2** compared with an MVC action that reads the same row by a compiled query;
          both again on a host with {{plan.ManyKeys:N0}} keys and {{plan.ManySessions:N0}} sessions in its tables, compared with a host with few.
        - **P4** a CT study of {{plan.Instances}} instances of half a megabyte in one request, compared with an action that only hashes, writes and syncs the body.
          Speeds are those of the best of {{plan.Rounds}} rounds. Header-only instances have no pixels. Memory is the peak resident during the upload, minus the value before it.
        - **P5** the same study, compared with Kestrel's SendFile of the same bytes; one connection.
        - **P6** in one process without HTTP: entries that 1,000 writers make durable while the sequencer works, compared with the same bytes in SQLite by
          shared transactions and nothing else.
        - **P7** a backlog for eight endpoints that answer at once; one endpoint among a thousand dead ones, measured alternately with a host without them.
        - **P8** one connection, {{plan.ManyRows:N0}} rows compared with 1,000 with equal pages: the filters that look for few match 30 rows in both.
        - **P9** from the start of the process to the first `200` of `/readyz`, on an existing database.

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
