using Aegis.Dicom;
using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom.Fuzzing;

/// <summary>De-identifies damaged files and records the outcomes. The output of an accepted file must be accepted too.</summary>
internal sealed class MutationRun(ulong seed)
{
    private static readonly Deidentifier[] Deidentifiers = [.. new DeidentificationOptions[]
    {
        new(),
        new() { Dates = DateTreatment.Shift, CleanDescriptors = true, KeepSafePrivate = true, KeepPatientCharacteristics = true,
            KeepDevice = true, KeepInstitution = true },
        new() { Dates = DateTreatment.Year, KeepUids = true, PixelsVerified = true },
    }.Select(x => new Deidentifier(new byte[32], x))];

    /// <summary>The number of cases with a result ("taken") and with each error code.</summary>
    public SortedDictionary<string, long> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>Processor time, not wall-clock time, so that a busy machine makes no case slow.</summary>
    public TimeSpan Slowest { get; private set; }

    public long SlowestCase { get; private set; }

    /// <summary>Bytes allocated by the most expensive case, including its damaged copy and its output.</summary>
    public long MaxAllocated { get; private set; }

    /// <summary>
    /// Loads the tables, so that the first case does not pay for it. An undamaged file must be accepted, or refused for its label.
    /// </summary>
    public static void WarmUp()
    {
        foreach (var sample in FuzzSample.All)
            foreach (var deidentifier in Deidentifiers)
                Apply([.. sample.Head, .. sample.IsDeflated ? Part10File.Deflate(sample.Body) : sample.Body], deidentifier);
    }

    /// <summary>Runs one case. Any exception other than DicomException is thrown on, with the case number.</summary>
    public void Case(long number)
    {
        var random = new Seeded(seed + (ulong)number * 2654435761);
        var sample = FuzzSample.All[number % FuzzSample.All.Length];
        var file = Mutator.Mutate(sample, random);
        var (before, started) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
        string outcome;
        try
        {
            outcome = Apply(file, Deidentifiers[random.Below(Deidentifiers.Length)]);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Case {number} of seed {seed} ({sample.Name}) ended in {e.GetType().Name}.", e);
        }

        var taken = Environment.CpuUsage.TotalTime - started;
        if (taken > Slowest) (Slowest, SlowestCase) = (taken, number);
        MaxAllocated = Math.Max(MaxAllocated, GC.GetAllocatedBytesForCurrentThread() - before);
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
    }

    private static string Apply(byte[] file, Deidentifier deidentifier)
    {
        using var output = new MemoryStream();
        try
        {
            Run(deidentifier, new MemoryStream(file), output);
        }
        catch (DicomException e)
        {
            return e.Code;
        }

        output.Position = 0;
        Run(deidentifier, output, Stream.Null);
        return "taken";
    }

    // Memory streams never wait, so this thread does all the work and its allocations belong to the case.
    private static void Run(Deidentifier deidentifier, Stream from, Stream to) =>
        deidentifier.Apply(from, to, default).GetAwaiter().GetResult();
}
