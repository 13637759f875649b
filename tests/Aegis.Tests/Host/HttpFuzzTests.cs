using Aegis.Tests.Host.Fuzzing;

namespace Aegis.Tests.Host;

/// <summary>A twentieth of what tests/campaign/http-fuzz does.</summary>
public sealed class HttpFuzzTests
{
    [SqliteFact("commands and host share a file")]
    public async Task No_malformed_request_is_a_failure_hangs_or_writes_to_the_log()
    {
        var fuzz = await HttpFuzz.Run(count: 5_000, seed: 1);

        fuzz.Wrong.Should().BeEmpty(fuzz.Report());
        fuzz.LogLines.Strangers.Should().BeEmpty(fuzz.Report());
        fuzz.OperationCount.Should().BeGreaterThan(100);
        fuzz.Statuses.Keys.Should().Contain([200, 400, 401, 404, 405, 415]);
    }
}
