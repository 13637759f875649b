namespace Aegis.Benchmarks.Measures;

/// <summary>P2: one request read by a party, compared with a bare read of the row.</summary>
internal static class Reads
{
    private const double Target = 0.6;

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var host = await AegisHost.Start(workspace.NewFolder("reads"));
        var id = await host.Ask();
        await using var ceiling = await CeilingApp.Start(workspace.NewFolder("ceiling"), host.DatabaseFile);
        var (seen, best) = await Comparison.Run(
            plan, (host.Server, Requests.Get($"/v1/requests/{id}", await host.ConsumerToken())), (ceiling, Requests.Get($"/rows/{id}")));
        report(Pair.Row("P2", "GET /v1/requests/{id}", Target, seen, best, host.Server.Memory));

        await using var crowd = await Crowd.Start(plan, workspace);
        await using var few = await AegisHost.Start(workspace.NewFolder("few")); // as fresh as the crowded host
        report(await Crowd.Compare("P2", plan, await Reading(crowd), await Reading(few)));
    }

    private static async Task<(Server Server, byte[] Request)> Reading(AegisHost host) =>
        (host.Server, Requests.Get($"/v1/requests/{await host.Ask()}", await host.ConsumerToken()));
}
