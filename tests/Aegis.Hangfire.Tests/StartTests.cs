using Aegis.Tests.App;

namespace Aegis.Hangfire.Tests;

/// <summary>What a host with Hangfire needs.</summary>
[Collection(HangfireApp.Shared)]
public sealed class StartTests
{
    [SqliteFact("there it starts")]
    public async Task It_needs_SQL_Server_for_its_tables()
    {
        var start = async () => await AegisApp.Start(("Jobs:Runner", "Hangfire"));

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("keeps its schedule in SQL Server");
    }
}
