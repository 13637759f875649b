using System.Globalization;
using Aegis.Tests.Processes.Faults;

// Kills the host repeatedly while events happen and are delivered. See docs/reliability.md.
// Usage: dotnet run -c Release --project tests/campaign/webhooks -- [--kills 200] [--events 10000]

var figures = await WebhookKills.Run(Number("--kills", 200), Number("--events", 10_000), Console.WriteLine);
Console.WriteLine(figures);
foreach (var violation in figures.Violations) Console.WriteLine($"VIOLATION {violation}");
Console.WriteLine(figures.Violations.Count == 0 ? "held" : $"{figures.Violations.Count} violations");
return figures.Violations.Count == 0 ? 0 : 1;

int Number(string name, int fallback) =>
    Array.IndexOf(args, name) is >= 0 and var found ? int.Parse(args[found + 1], CultureInfo.InvariantCulture) : fallback;
