using System.Diagnostics;
using System.Globalization;
using Aegis.Tests.Dicom.Fuzzing;

// De-identifies one million damaged files:
// dotnet run -c Release --project tests/campaign/dicom-fuzz [cases] [seed] [first case]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var cases = Argument(0, 1_000_000);
var seed = Argument(1, 1);
var first = Argument(2, 0);
const int Report = 50_000;
var patience = TimeSpan.FromSeconds(1); // processor time for one case

MutationRun.WarmUp();
var run = new MutationRun((ulong)seed);
var started = Stopwatch.GetTimestamp();
for (var i = first; i < first + cases; i++)
{
    run.Case(i);
    if (run.Slowest > patience)
        throw new TimeoutException($"Case {run.SlowestCase} took {run.Slowest.TotalSeconds:F1} s of the processor.");
    if ((i + 1 - first) % Report == 0)
        Console.WriteLine(
            $"{i + 1 - first,9:N0} cases  {Stopwatch.GetElapsedTime(started).TotalSeconds,6:F0} s  {PeakMiB(),5} MiB at most");
}

var took = Stopwatch.GetElapsedTime(started);
Console.WriteLine();
Console.WriteLine(
    $"{cases:N0} cases of seed {seed} in {took.TotalSeconds:F0} s, {Environment.CpuUsage.TotalTime.TotalSeconds:F0} s of the processor: "
        + $"{Environment.CpuUsage.TotalTime.TotalMicroseconds / cases:F0} µs each");
Console.WriteLine($"peak memory {PeakMiB()} MiB, most allocated for one case {run.MaxAllocated / 1024:N0} KiB");
Console.WriteLine($"slowest case {run.Slowest.TotalMilliseconds:F0} ms of the processor (number {run.SlowestCase})");
foreach (var (outcome, count) in run.Outcomes) Console.WriteLine($"{count,9:N0}  {outcome}");

long Argument(int index, long otherwise) => args.Length > index ? long.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

static long PeakMiB()
{
    using var process = Process.GetCurrentProcess();
    return process.PeakWorkingSet64 >> 20;
}
