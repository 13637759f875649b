using System.Globalization;
using Aegis.Tests.Host.Fuzzing;

// Sends 100,000 malformed requests over all operations of openapi.json to a host in Production mode.
// Usage: dotnet run -c Release --project tests/campaign/http-fuzz -- [requests] [seed] [first request]
//        … -- strangers [seconds]: measures the cost of one address without a credential (docs/threat-model.md)
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["strangers", ..])
{
    await StrangerCost.Measure(TimeSpan.FromSeconds(Argument(1, 20)), Console.Out);
    return 0;
}

var fuzz = await HttpFuzz.Run((int)Argument(0, 100_000), (ulong)Argument(1, 1), (int)Argument(2, 0));
Console.WriteLine(fuzz.Report());
return fuzz.Wrong.Count == 0 && fuzz.LogLines.Strangers.Count == 0 ? 0 : 1;

long Argument(int index, long fallback) => args.Length > index ? long.Parse(args[index], CultureInfo.InvariantCulture) : fallback;
