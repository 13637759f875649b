using System.Diagnostics;
using Aegis.Dicom;
using Aegis.Tests.Dicom.Fuzzing;

namespace Aegis.Tests.Dicom;

/// <summary>The first cases of the campaign in tests/campaign/dicom-fuzz, as many as a few seconds allow.</summary>
public sealed class MutationTests
{
    private const int Cases = 20_000;
    private const int MinCases = 1_000; // enough for a slow machine; the campaign runs the rest
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    [Fact]
    public void A_damaged_file_gives_a_readable_result_or_a_clear_error_in_bounded_memory()
    {
        MutationRun.WarmUp();
        var run = new MutationRun(seed: 1);
        var started = Stopwatch.GetTimestamp();

        for (var i = 0; i < Cases && (i < MinCases || Stopwatch.GetElapsedTime(started) < Time); i++) run.Case(i);

        run.Outcomes.Keys.Should().BeSubsetOf([.. typeof(DicomErrors).GetFields().Select(x => (string)x.GetRawConstantValue()!), "taken"]);
        run.Outcomes["taken"].Should().BeGreaterThan(MinCases / 20);
        run.Outcomes.Count.Should().BeGreaterThan(8);
        run.MaxAllocated.Should().BeLessThan(32 << 20);
    }
}
