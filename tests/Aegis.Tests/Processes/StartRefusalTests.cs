using System.Net.Sockets;

namespace Aegis.Tests.Processes;

/// <summary>A host that cannot start reports the reason in one sentence.</summary>
public sealed class StartRefusalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task A_host_without_its_SQL_Server_ends_with_75_and_one_sentence()
    {
        var unreachable = $"Server=tcp:127.0.0.1,{FreePort()};Connect Timeout=1;Encrypt=false;User Id=aegis;Password=canary-5512";
        await using var host = await HostProcess.Launch(HostProcess.NewDataDirectory(), new Dictionary<string, string>
        {
            ["Database__Provider"] = "SqlServer",
            ["ConnectionStrings__Aegis"] = unreachable,
        });

        (await host.Ends(Patience)).Should().BeTrue("{0}", host.Output);

        host.ExitCode.Should().Be(75, "{0}", host.Output);
        host.Output.Should().Contain("Aegis cannot start: The database does not answer (SqlException ").And.NotContain("   at ")
            .And.NotContain("canary-5512");
    }

    [Fact]
    public async Task An_address_in_use_is_reported_in_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var host = await HostProcess.Launch(HostProcess.NewDataDirectory(), new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://{other.LocalEndpoint}",
        });

        (await host.Ends(Patience)).Should().BeTrue("{0}", host.Output);

        host.ExitCode.Should().Be(78, "{0}", host.Output);
        host.Output.Should().Contain("Aegis cannot start: Another process already uses this address.")
            .And.NotContain("crit:").And.NotContain("fail:").And.NotContain("   at ");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
