using Aegis.Tests.Host.Fuzzing;

namespace Aegis.Tests.Host;

/// <summary>Sends a twentieth of the requests of tests/campaign/http-fuzz.</summary>
public sealed class HttpFuzzTests
{
    [SqliteFact("the commands and the host share a database file")]
    public async Task No_malformed_request_causes_an_error_a_hang_or_a_log_line()
    {
        var fuzz = await HttpFuzz.Run(count: 5_000, seed: 1);

        fuzz.Wrong.Should().BeEmpty(fuzz.Report());
        fuzz.LogLines.Strangers.Should().BeEmpty(fuzz.Report());
        fuzz.OperationCount.Should().BeGreaterThan(100);
        fuzz.Statuses.Keys.Should().Contain([200, 400, 401, 404, 405, 415]);
    }
}
