using System.CommandLine;
using Aegis.Cli.Login;
using Aegis.Cli.Running;
using Aegis.Sdk.Audit;

namespace Aegis.Cli.Work;

/// <summary><c>aegis audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Build(Sessions sessions)
    {
        var (actor, action, about) = (Building.Text("--actor", "By whom."), Building.Text("--action", "Such as transfer.opened."), Building.Text("--object", "To what: an id."));
        var (outcome, kind) = (Building.Text("--outcome", "How it ended."), Building.Text("--kind", "Calls or events."));
        var (from, to) = (new Option<DateTimeOffset?>("--from") { Description = "At this time or later (RFC 3339)." }, new Option<DateTimeOffset?>("--to") { Description = "Before this time." });
        return new Command("audit", "The audit log, newest first.").Takes(actor, action, about, outcome, kind, from, to, Building.Limit)
            .WithExamples("aegis audit --object trf_…", "aegis audit --from 2026-04-01T00:00:00Z -o json")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var filter = new AuditFilter
                {
                    Actor = parsed.GetValue(actor), Action = parsed.GetValue(action), Object = parsed.GetValue(about), Outcome = parsed.GetValue(outcome),
                    Kind = parsed.GetValue(kind), From = parsed.GetValue(from), To = parsed.GetValue(to),
                };
                var found = await client.Audit.ListAsync(filter, ct).Take(parsed.GetValue(Building.Limit)).ToListAsync(ct);
                sessions.Printer(parsed).ShowAll(found, "at", "action", "object", "outcome", "code", "actor.name", "id");
            });
    }
}
