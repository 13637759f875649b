using Aegis.Kernel.Identifiers;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Database;
using Microsoft.Data.SqlClient;

namespace Aegis.Tests.SqlServer;

/// <summary>The database provider with a real TDS server.</summary>
public sealed class LoginRotationTests : IAsyncLifetime
{
    private readonly SqlConnectionStringBuilder server = new(TestServer.ConnectionString ?? "");
    private readonly DatabaseProvider provider = new([new SqlServerEngine(Bench.Connections())], Bench.Policy, TimeProvider.System);
    private readonly string one = Ids.New("aegis_login", TimeProvider.System.GetUtcNow());
    private readonly string other = Ids.New("aegis_login", TimeProvider.System.GetUtcNow());

    public async Task InitializeAsync()
    {
        if (TestServer.Missing is not null) return;
        await Run($"CREATE LOGIN [{one}] WITH PASSWORD = N'Old-secret-1'");
        await Run($"CREATE LOGIN [{other}] WITH PASSWORD = N'Old-secret-2'");
    }

    public async Task DisposeAsync()
    {
        if (TestServer.Missing is not null) return;
        await Run($"DROP LOGIN [{one}]");
        await Run($"DROP LOGIN [{other}]");
    }

    [SqlServerFact]
    public async Task The_new_password_works_and_the_old_one_is_refused()
    {
        var target = Target(alternates: false);
        var old = new HeldValue("Old-secret-1");
        (await provider.Test(target, old, default)).Should().Be(Tested.Works);
        var value = await provider.Create(target, Bench.Order(old), default);

        await provider.Set(target, value, old, default);
        await provider.Set(target, value, old, default);

        (await provider.Test(target, value, default)).Should().Be(Tested.Works);
        if (await AcceptsAnyPassword()) return;
        (await provider.Test(target, old, default)).Code.Should().Be(ProviderCode.LoginRefused);
    }

    [SqlServerFact]
    public async Task Two_logins_alternate_and_the_old_one_is_locked_at_the_end()
    {
        var target = Target(alternates: true);
        var first = await provider.Create(target, Bench.Order(), default);
        await provider.Set(target, first, null, default);
        var second = await provider.Create(target, Bench.Order(first), default);
        await provider.Set(target, second, first, default);
        (await provider.Test(target, first, default)).Should().Be(Tested.Works);

        await provider.Revoke(target, first, second, default);

        if (await AcceptsAnyPassword()) return;
        (await provider.Test(target, first, default)).Code.Should().Be(ProviderCode.LoginRefused);
        (await provider.Test(target, second, default)).Should().Be(Tested.Works);
    }

    [SqlServerFact]
    public async Task A_missing_login_is_reported_as_missing()
    {
        var target = Target(alternates: false, username: "aegis_nobody");

        var failure = await Bench.Failure(() => provider.Set(target, new HeldValue("Fresh-secret-1"), null, default));

        failure.Message.Should().NotContain("Fresh");
        if (server.Encrypt == SqlConnectionEncryptOption.Optional) return; // an open-source TDS server has other error numbers
        (failure.Fault, failure.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.UserMissing));
    }

    /// <summary>True if the server accepts any password, as an open-source TDS server may be configured; then nothing is refused.</summary>
    private async Task<bool> AcceptsAnyPassword() =>
        (await provider.Test(Target(alternates: false), new HeldValue("Certainly-wrong-1"), default)).Verdict is Verdict.Works;

    private Target Target(bool alternates, string? username = null)
    {
        var address = server.DataSource.Split(':')[^1].Split(',');
        var port = address.Length > 1 ? address[1] : "1433";
        var tls = server.Encrypt == SqlConnectionEncryptOption.Optional ? "disable" : "require";
        var users = alternates ? $",\"alternate_username\":\"{other}\",\"value_format\":\"json\"" : "";
        return Bench.Credential(provider, $$"""
            {"engine":"sqlserver","host":"{{address[0]}}","port":{{port}},"username":"{{username ?? one}}"{{users}},
             "admin_username":"{{server.UserID}}","admin_password":"{{server.Password}}","tls":"{{tls}}"}
            """);
    }

    private static async Task Run(string sql)
    {
        await using var connection = new SqlConnection(new SqlConnectionStringBuilder(
                TestServer.ConnectionString)
        { InitialCatalog = "master", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
