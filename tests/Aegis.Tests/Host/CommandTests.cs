using Aegis.Host.Startup;
using Aegis.Kernel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;

namespace Aegis.Tests.Host;

/// <summary>Commands and options of the host, and settings that stop the start.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("--help", 0)]
    [InlineData("-h", 0)]
    [InlineData("help", 0)]
    [InlineData("bogus", 2)]
    [InlineData("migrate --srcipt", 2)]
    [InlineData("keys creat", 2)]
    [InlineData("platform", 2)]
    [InlineData("audit", 2)]
    [InlineData("audit verify --checkpoint", 2)]
    [InlineData("evidence-keys", 2)]
    [InlineData("evidence-keys rotate --emergncy", 2)]
    [InlineData("migrate --emergency", 2)]
    [InlineData("rotate-kek --retire", 2)]
    [InlineData("rotate-kek --statsu", 2)]
    [InlineData("migrate --resume", 2)]
    [InlineData("platform init --name --email=a@b.example", 2)]
    [InlineData("--bogus", 2)]
    public void Help_and_mistakes_are_handled_before_anything_is_changed(string line, int exitCode)
    {
        Commands.Explain(line.Split(' ')).Should().Be(exitCode);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("migrate --script")]
    [InlineData("migrate --script --DataDirectory=/srv/aegis")]
    [InlineData("keys create --Keys:Directory=/srv/keys")]
    [InlineData("platform init --name Example --email admin@example.org")]
    [InlineData("audit verify")]
    [InlineData("audit verify --checkpoint /srv/copy")]
    [InlineData("evidence-keys rotate")]
    [InlineData("evidence-keys rotate --emergency")]
    [InlineData("rotate-kek")]
    [InlineData("rotate-kek --status")]
    [InlineData("rotate-kek --resume --DataDirectory=/srv/aegis")]
    [InlineData("rotate-kek --retire kek_1")]
    [InlineData("--environment Development")]
    [InlineData("--urls=http://localhost:9000")]
    public void Known_commands_and_settings_are_accepted(string line)
    {
        Commands.Explain(line.Split(' ')).Should().BeNull();
    }

    [Theory]
    [InlineData("Jobs:Runner", "bogus", "Jobs:Runner must be")]
    [InlineData("RateLimits:PerKey", "0", "RateLimits:PerKey")]
    [InlineData("Audit:RetentionDays", "0", "Audit:RetentionDays must be")]
    [InlineData("Database:Provider", "oracle", "Database:Provider must be")]
    [InlineData("TrustedProxies:0", "bogus", "TrustedProxies: 'bogus'")]
    public async Task A_wrong_setting_stops_the_start_with_its_name(string key, string value, string message)
    {
        var start = async () => await AegisApp.Start((key, value));

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain(message);
    }
}
