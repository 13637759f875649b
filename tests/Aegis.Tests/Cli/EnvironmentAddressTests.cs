using Aegis.Cli.Profiles;
using Aegis.Cli.Running;

namespace Aegis.Tests.Cli;

public sealed class EnvironmentAddressTests
{
    [Theory]
    [InlineData("dev.example.org", "https://auth.dev.example.org/realms/aegis-system", "https://api.dev.example.org/")]
    [InlineData("dev.example.org:8443", "https://auth.dev.example.org:8443/realms/aegis-system", "https://api.dev.example.org:8443/")]
    [InlineData("localhost:8012", "http://localhost:8012/realms/aegis-system", "http://localhost:8012/")]
    [InlineData("127.0.0.1:8012", "http://127.0.0.1:8012/realms/aegis-system", "http://127.0.0.1:8012/")]
    [InlineData("[::1]:8012", "http://[::1]:8012/realms/aegis-system", "http://[::1]:8012/")]
    [InlineData("https://aegis.example.org", "https://aegis.example.org/realms/aegis-system", "https://aegis.example.org/")]
    public void Services_are_derived_from_a_host(string given, string issuer, string api)
    {
        var derived = EnvironmentAddress.Of(given);

        derived.Issuer.Should().Be(issuer);
        derived.Api.AbsoluteUri.Should().Be(api);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dev example")]
    [InlineData("dev.example.org/path")]
    [InlineData("user@dev.example.org")]
    [InlineData("10.0.0.1")]
    [InlineData("http://dev.example.org")]
    [InlineData("ftp://dev.example.org")]
    public void An_invalid_environment_is_refused(string given)
    {
        var derive = () => EnvironmentAddress.Of(given);

        derive.Should().Throw<StoppedException>().Which.ExitCode.Should().Be(ExitCodes.Usage);
    }
}
