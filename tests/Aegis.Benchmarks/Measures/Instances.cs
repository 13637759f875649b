using Aegis.Dicom.Deidentification;

namespace Aegis.Benchmarks.Measures;

/// <summary>De-identification alone, in this process: time and allocation for one instance without pixels.</summary>
internal static class Instances
{
    private const int Warm = 2_000;

    public static async Task Measure(CtStudy study, Action<Row> report)
    {
        var deidentifier = new Deidentifier(new byte[32], new DeidentificationOptions());
        await Pass(study, deidentifier, Warm);
        var (before, cpu) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        await Pass(study, deidentifier, study.Instances);
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / study.Instances;
        var each = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / study.Instances;
        report(new Row("P4", "de-identify one header-only instance, in process", $"{bytes:N0} bytes allocated") { Cpu = $"{each:0.0} µs" });
    }

    private static async Task Pass(CtStudy study, Deidentifier deidentifier, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var source = new MemoryStream(study.Head(i % study.Instances), writable: false);
            await deidentifier.Apply(source, Stream.Null, CancellationToken.None);
        }
    }
}
