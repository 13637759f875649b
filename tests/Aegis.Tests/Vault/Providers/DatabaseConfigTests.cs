using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Database;

namespace Aegis.Tests.Vault.Providers;

public sealed class DatabaseConfigTests
{
    private const string Twins =
        """{"engine":"postgres","host":"db.example.org","username":"app_a","alternate_username":"app_b","admin_username":"root","admin_password":"r00t","value_format":"uri"}""";
    private static readonly DatabaseProvider Provider =
        new([new PostgresEngine(Bench.Connections()), new SqlServerEngine(Bench.Connections())], Bench.Policy, TimeProvider.System);

    [Theory]
    [InlineData("""{"engine":"oracle","host":"db","username":"app"}""", "engine")]
    [InlineData("""{"engine":"postgres","host":"db:5432","username":"app"}""", "host")]
    [InlineData("""{"engine":"postgres","host":"db/x?sslmode=disable","username":"app"}""", "host")]
    [InlineData("""{"engine":"postgres","host":"db;Pooling=true","username":"app"}""", "host")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","port":70000}""", "port")]
    [InlineData(
        """{"engine":"postgres","host":"db","username":"app","alternate_username":"app","value_format":"json","admin_username":"a","admin_password":"b"}""", "alternate_username")]
    [InlineData(
        """{"engine":"postgres","host":"db","username":"app","alternate_username":"app2","admin_username":"a","admin_password":"b"}""",
        "value_format")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","alternate_username":"app2","value_format":"json"}""",
        "admin_username")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","admin_username":"a"}""", "admin_password")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","admin_password":"a"}""", "admin_username")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","admin_username":"app","admin_password":"b"}""", "admin_username")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","ca_certificate":"nonsense"}""", "ca_certificate")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","contained":true}""", "contained")]
    [InlineData("""{"engine":"postgres","host":"db","username":"app","sslmode":"disable"}""", "sslmode")]
    public void An_invalid_configuration_is_refused_with_the_name_of_the_member(string config, string member) =>
        Bench.Objections(Provider, config).Should().ContainKey($"provider_config.{member}");

    [Fact]
    public void The_admins_password_is_stored_separately()
    {
        var (open, secret) = Provider.Config.Split(Bench.Credential(Provider, Twins).Config);

        open.ToJsonString().Should().NotContain("r00t");
        secret.ToJsonString().Should().Be("""{"admin_password":"r00t"}""");
    }

    [Fact]
    public void An_internal_address_is_reported_at_its_member()
    {
        var errors = new Aegis.Vault.Providers.Configuration.ConfigErrors("provider_config");

        Provider.CheckAddresses(
            Bench.Credential(Provider, """{"engine":"postgres","host":"10.0.0.7","username":"app"}""").Config, Bench.Organization, errors);

        errors.Found.Should().ContainKey("provider_config.host");
    }

    [Fact]
    public async Task Rotation_alternates_between_two_users_and_the_value_contains_the_user()
    {
        var target = Bench.Credential(Provider, Twins);

        var first = await Provider.Create(target, Bench.Order(), default);
        var second = await Provider.Create(target, Bench.Order(first), default);
        var third = await Provider.Create(target, Bench.Order(second), default);

        new[] { first.Handle, second.Handle, third.Handle }.Should().Equal("app_a", "app_b", "app_a");
        second.Value.Should().MatchRegex("^postgresql://app_b:[A-Za-z0-9]{33}@db.example.org:5432/postgres$");
        $"{second} {target}".Should().NotContain("app_b").And.NotContain("r00t");
    }

    [Theory]
    [InlineData("""{"username":"postgres","password":"x"}""")]
    [InlineData("""{"username":"app"}""")]
    [InlineData("plain")]
    public async Task A_value_of_another_form_or_user_is_reported_and_not_tested(string value)
    {
        var target =
            Bench.Credential(Provider, """{"engine":"postgres","host":"127.0.0.1","port":1,"username":"app","value_format":"json"}""");

        var tested = await Provider.Test(target, new HeldValue(value), default);

        tested.Should().BeEquivalentTo(new { Verdict = Verdict.Unknown, Code = ProviderCode.ValueMalformed });
    }

    [Theory]
    [InlineData("app", "n3w", null, false, "ALTER LOGIN [app] WITH PASSWORD = N'n3w'")]
    [InlineData("app", "n3w", "o'ld", false, "ALTER LOGIN [app] WITH PASSWORD = N'n3w' OLD_PASSWORD = N'o''ld'")]
    [InlineData("a]p'p", "n'; DROP LOGIN sa; --", null, true, "ALTER USER [a]]p'p] WITH PASSWORD = N'n''; DROP LOGIN sa; --'")]
    public void Statements_for_SQL_Server_keep_names_and_texts_inside_their_quotes(
        string user, string password, string? old, bool contained, string statement) =>
        SqlServerStatement.SetPassword(user, password, old, contained).Should().Be(statement);

    [Theory]
    [InlineData(18456, "login_refused")]
    [InlineData(18470, "login_not_permitted")]
    [InlineData(18488, "login_not_permitted")]
    [InlineData(4060, "database_missing")]
    [InlineData(916, "permission_missing")]
    [InlineData(40501, "target_busy")]
    [InlineData(40613, "target_failing")]
    [InlineData(-2146893019, "tls_failed")]
    [InlineData(-2, "unreachable")]
    [InlineData(10061, "unreachable")]
    public void Error_numbers_of_a_login_map_to_codes(int number, string code) =>
        SqlServerFailure.OfLogin(number, new InvalidOperationException()).Code.Should().Be(code);

    [Theory]
    [InlineData(15151, 3, "user_missing")]
    [InlineData(15247, 3, "permission_missing")]
    [InlineData(15118, 0, "value_rejected")]
    [InlineData(8152, 1, "target_failing")]
    [InlineData(-2, 2, "answer_lost")]
    [InlineData(10054, 2, "answer_lost")]
    [InlineData(6005, 2, "answer_lost")]
    public void Error_numbers_of_the_statement_map_to_what_may_have_happened(int number, int fault, string code) =>
        SqlServerFailure.OfStatement(number, new InvalidOperationException())
            .Should().BeEquivalentTo(new { Fault = (ProviderFault)fault, Code = code });
}
