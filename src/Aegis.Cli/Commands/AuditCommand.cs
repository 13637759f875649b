using Aegis.Sdk.Audit;

namespace Aegis.Cli.Commands;

/// <summary><c>aegis audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Build(Sessions sessions)
    {
        var filter = new Filter();
        return new Command("audit", "The audit log, newest first.").Takes([.. filter.All, Building.Limit])
            .Has(Export(sessions), Proof(sessions))
            .WithExamples("aegis audit --object trf_…", "aegis audit --from 2026-04-01T00:00:00Z -o json")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var found = await sessions.ShownAsync(parsed, client.Audit.ListAsync(filter.Of(parsed), ct), ct);
                sessions.Printer(parsed).ShowAll(found, "at", "action", "object", "outcome", "code", "actor.name", "id");
            });
    }

    private static Command Export(Sessions sessions)
    {
        var (filter, after) = (new Filter(), Building.Text("--after", "Begin after this entry: log_…, the last one of an earlier export."));
        return new Command("export", "Write all entries, oldest first, one JSON object per line. A broken connection is resumed.").Takes(
            [.. filter.All, after])
            .WithExamples("aegis audit export > audit.ndjson", "aegis audit export --after log_… >> audit.ndjson")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var printer = sessions.Printer(parsed);
                await foreach (var entry in client.Audit.ExportAsync(filter.Of(parsed), parsed.GetValue(after), ct))
                    printer.WriteLine(entry);
            });
    }

    private static Command Proof(Sessions sessions)
    {
        var (id, since) = (Building.Id("id", "log_…"),
                new Option<long?>(
                    "--since")
                { Description = "Size of a checkpoint that you kept. The proof then also shows that nothing before it changed." });
        return new Command("proof", "Show a proof, checkable without Aegis, that an entry is in the log.").Takes(id, since)
            .WithExamples("aegis audit proof log_… -o json > proof.json").Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Audit.GetProofAsync(parsed.GetRequiredValue(id), parsed.GetValue(since), ct));
        });
    }

    /// <summary>The options that select entries.</summary>
    private sealed class Filter
    {
        private readonly Option<string?> actor = Building.Text("--actor", "Who acted.");
        private readonly Option<string?> action = Building.Text("--action", "What happened, such as transfer.opened or transfer.*.");
        private readonly Option<string?> about = Building.Text("--object", "The id of the object.");
        private readonly Option<string?> outcome = Building.Text("--outcome", "success, refused or failed.");
        private readonly Option<string?> kind = Building.Text("--kind", "call or event.");
        private readonly Option<DateTimeOffset?> from = new("--from") { Description = "At this time or later (RFC 3339)." };
        private readonly Option<DateTimeOffset?> to = new("--to") { Description = "Before this time." };

        public IEnumerable<Option> All => [actor, action, about, outcome, kind, from, to];

        public AuditFilter Of(ParseResult parsed) => new()
        {
            Actor = parsed.GetValue(actor),
            Action = parsed.GetValue(action),
            Object = parsed.GetValue(about),
            Outcome = parsed.GetValue(outcome),
            Kind = parsed.GetValue(kind),
            From = parsed.GetValue(from),
            To = parsed.GetValue(to),
        };
    }
}
