namespace Aegis.Cli.Commands;

/// <summary><c>aegis inbox</c>.</summary>
internal static class InboxCommand
{
    public static Command Build(Sessions sessions) => new Command("inbox", "List the studies that can be opened now.").Takes(Building.Limit)
        .WithExamples("aegis inbox", "aegis inbox -o json | jq -r '.[].id' | xargs -n1 aegis transfers download")
        .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var found = await sessions.ShownAsync(parsed, client.Transfers.InboxAsync(ct), ct);
            sessions.Printer(parsed).ShowAll(found, "id", "status", "providerId", "instances", "sizeBytes", "views", "window.end");
        });
}
