namespace Aegis.Interop.Tests.CommandLine;

/// <summary>Login, refresh and logout against an independent provider.</summary>
public sealed class DeviceFlowTests
{
    private const int AlwaysExpired = 2; // seconds: less than the margin before a token's expiry
    private const int Concurrent = 50;

    [InteropFact("oidc-provider")]
    public async Task The_command_line_logs_in_refreshes_and_logs_out()
    {
        await using var provider = await OidcProvider.Start(AlwaysExpired);
        using var aegis = new AegisCommand();

        var login = await provider.Login(aegis);
        await provider.SetLifetime(900);
        var first = await aegis.Run("auth", "token");
        var second = await aegis.Run("auth", "token");
        var logout = await aegis.Run("auth", "logout");
        var after = await aegis.Run("auth", "token");

        login.Code.Should().Be(0, login.Error);
        login.Lines[0].Should().Be($"» Authenticating with {provider.Host}...");
        login.Lines[^1].Should().StartWith($"✓ Authenticated. Profile: {provider.Host}");
        (first.Code, second.Code).Should().Be((0, 0), first.Error);
        second.Out.Should().Be(first.Out);
        (await provider.Count("refreshed")).Should().Be(1);
        logout.Code.Should().Be(0, logout.Error);
        (await provider.Count("revoked")).Should().BePositive();
        after.Code.Should().Be(4);
    }

    [InteropFact("oidc-provider")]
    public async Task A_login_denied_on_the_page_says_so()
    {
        await using var provider = await OidcProvider.Start(900);
        using var aegis = new AegisCommand();

        var login = await provider.Login(aegis, "deny");

        login.Code.Should().Be(4);
        login.Error.Should().Contain("✗ The login was denied.");
    }

    [InteropFact("oidc-provider")]
    public async Task Fifty_concurrent_processes_refresh_an_expired_token_once()
    {
        await using var provider = await OidcProvider.Start(AlwaysExpired);
        using var aegis = new AegisCommand();
        (await provider.Login(aegis)).Code.Should().Be(0);
        await provider.SetLifetime(900);

        var ran = await Task.WhenAll(Enumerable.Range(0, Concurrent).Select(_ => aegis.Run("auth", "token")));

        ran.Should().OnlyContain(r => r.Code == 0);
        ran.Select(r => r.Out).Distinct().Should().ContainSingle();
        (await provider.Count("refreshed")).Should().Be(1);
        (await provider.Count("replayed")).Should().Be(0, "no session was ended");
        (await aegis.Run("auth", "status")).Code.Should().Be(0);
    }
}
