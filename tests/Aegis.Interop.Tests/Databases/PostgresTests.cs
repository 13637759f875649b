using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Database;

namespace Aegis.Interop.Tests.Databases;

/// <summary>The database provider against Debian's PostgreSQL. The independent client psql shows which logins work.</summary>
public sealed class PostgresTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly DatabaseProvider Provider = new(
        [new PostgresEngine(Bench.Connections(("db.test", "127.0.0.1"), ("other.test", "127.0.0.1")))], Bench.Policy, TimeProvider.System);

    [InteropFact("postgresql")]
    public async Task The_new_password_logs_in_and_the_old_is_refused()
    {
        await server.Sql(
            "CREATE ROLE \"one \"\"quoted\"\" ü\" LOGIN PASSWORD 'old-secret'; CREATE ROLE admin1 LOGIN CREATEROLE PASSWORD 'admin-secret'");
        var target = Single("one \\\"quoted\\\" ü", "admin1");
        var old = new HeldValue("old-secret");

        var value = await Provider.Create(target, Bench.Order(old), default);
        (await Provider.Test(target, value, default)).Code.Should().Be(ProviderCode.LoginRefused, "nothing is set yet");
        await Provider.Set(target, value, old, default);
        await Provider.Set(target, value, old, default); // again, as after a crash

        (await Provider.Test(target, value, default)).Should().Be(Tested.Works);
        (await Provider.Test(target, old, default))
            .Should().BeEquivalentTo(new { Verdict = Verdict.Refused, Code = ProviderCode.LoginRefused });
        (await server.LetsIn("one \"quoted\" ü", value.Value)).Should().BeTrue();
        (await server.LetsIn("one \"quoted\" ü", "old-secret")).Should().BeFalse();
        (await server.Log()).Should().Contain("ALTER ROLE").And.NotContain(value.Value, "the server gets only the verifier");
    }

    [InteropFact("postgresql")]
    public async Task A_user_changes_its_own_password_and_a_repeated_call_succeeds()
    {
        await server.Sql("CREATE ROLE own LOGIN PASSWORD 'old-secret'");
        var target = Single("own", admin: null);
        var old = new HeldValue("old-secret");
        var value = await Provider.Create(target, Bench.Order(old), default);

        await Provider.Set(target, value, old, default);
        await Provider.Set(target, value, old, default); // the current value no longer logs in, the new one does

        (await server.LetsIn("own", value.Value)).Should().BeTrue();
        var lost = await Bench.Failure(() => Provider.Set(target, new HeldValue("third"), new HeldValue("neither"), default));
        (lost.Fault, lost.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.AccessRefused));
        lost.Message.Should().NotContain("neither").And.NotContain("third");
    }

    [InteropFact("postgresql")]
    public async Task With_two_users_the_old_value_works_until_its_user_is_locked()
    {
        await server.Sql("CREATE ROLE twin_a LOGIN; CREATE ROLE twin_b LOGIN; CREATE ROLE admin2 LOGIN CREATEROLE PASSWORD 'admin-secret'");
        var target = Twins("admin2");
        var first = await Rotate(target, null);

        var second = await Rotate(target, first);
        await AllWork(target, first, second); // the overlap
        await Provider.Revoke(target, first, second, default);
        await Provider.Revoke(target, first, second, default); // again, as after a crash

        (await Provider.Test(target, first, default)).Code.Should().Be(ProviderCode.LoginRefused);
        (await server.LetsIn("twin_a", Password(first))).Should().BeFalse();
        (await server.LetsIn("twin_b", Password(second))).Should().BeTrue();
        var third = await Rotate(target, second);
        third.Handle.Should().Be("twin_a");
        await AllWork(target, second, third);
    }

    [InteropFact("postgresql")]
    public async Task A_late_revocation_of_an_old_value_keeps_the_newer_value_of_its_user()
    {
        await server.Sql("CREATE ROLE late_a LOGIN; CREATE ROLE late_b LOGIN; CREATE ROLE admin3 LOGIN CREATEROLE PASSWORD 'admin-secret'");
        var target = Twins("admin3", "late_a", "late_b");
        var first = await Rotate(target, null);
        var second = await Rotate(target, first);
        var third = await Rotate(target, second); // late_a again, before the first value is revoked

        await Provider.Revoke(target, first, second, default);

        await AllWork(target, second, third);
    }

    [InteropFact("postgresql")]
    public async Task A_refusal_says_what_a_person_must_correct()
    {
        await server.Sql(
            "CREATE ROLE weak LOGIN PASSWORD 'admin-secret'; CREATE ROLE stays LOGIN PASSWORD 'stays'; CREATE ROLE admin4 LOGIN CREATEROLE "
                + "PASSWORD 'admin-secret'; CREATE ROLE locked NOLOGIN PASSWORD 'stays'");
        async Task<(ProviderFault, string)> Set(Target target)
        {
            var failure = await Bench.Failure(() => Provider.Set(target, new HeldValue("fresh"), null, default));
            failure.Message.Should().NotContain("fresh").And.NotContain("admin-secret");
            return (failure.Fault, failure.Code);
        }

        (await Set(Single("stays", "weak"))).Should().Be((ProviderFault.Misconfigured, ProviderCode.PermissionMissing));
        (await Set(Single("nobody", "admin4"))).Should().Be((ProviderFault.Misconfigured, ProviderCode.UserMissing));
        (await Set(Single("stays", "stays2"))).Should().Be((ProviderFault.Misconfigured, ProviderCode.AccessRefused));
        (await Set(Single("stays", "admin4", database: "missing")))
            .Should().Be((ProviderFault.Misconfigured, ProviderCode.DatabaseMissing));
        (await Provider.Test(Single("locked", null), new HeldValue("stays"), default)).Code.Should().Be(ProviderCode.LoginNotPermitted);
        (await Provider.Test(Single("stays", null, database: "nowhere"), new HeldValue("stays"), default)).Code
            .Should().Be(ProviderCode.LoginNotPermitted);
        (await server.LetsIn("stays", "stays")).Should().BeTrue();
    }

    [InteropFact("postgresql")]
    public async Task Certificate_and_name_are_checked_although_the_connection_goes_to_an_address()
    {
        await server.Sql("CREATE ROLE secure LOGIN PASSWORD 'right'");
        string Config(string host, string authorities) =>
            $$"""{"engine":"postgres","host":"{{host}}","port":{{server.Port}},"username":"secure"{{authorities}}}""";
        var trusted = $",\"ca_certificate\":{JsonSerializer.Serialize(server.Certificate)}";
        async Task<string?> Code(string config) =>
            (await Provider.Test(Bench.Credential(Provider, config), new HeldValue("right"), default)).Code;

        (await Code(Config("db.test", trusted))).Should().BeNull();
        (await Code(Config("other.test", trusted))).Should().Be(ProviderCode.TlsFailed);
        (await Code(Config("db.test", ""))).Should().Be(ProviderCode.TlsFailed);
        (await Code(Config("db.test", ",\"tls\":\"require\""))).Should().BeNull();
    }

    [InteropFact("postgresql")]
    public async Task A_full_server_shows_whether_the_password_is_right()
    {
        await server.Sql("CREATE ROLE narrow LOGIN PASSWORD 'right' CONNECTION LIMIT 0; CREATE ROLE wide LOGIN PASSWORD 'right'");
        await server.Sql("CREATE DATABASE tight CONNECTION LIMIT 0"); // cannot run in a transaction with others

        (await Provider.Test(Single("narrow", null), new HeldValue("right"), default)).Should().Be(Tested.Works);
        (await Provider.Test(Single("narrow", null), new HeldValue("wrong"), default)).Code.Should().Be(ProviderCode.LoginRefused);
        (await Provider.Test(Single("wide", null, database: "tight"), new HeldValue("right"), default)).Should().Be(Tested.Works);
        (await Provider.Test(Single("wide", null, database: "tight"), new HeldValue("wrong"), default)).Code
            .Should().Be(ProviderCode.LoginRefused);
    }

    [InteropFact("postgresql")]
    public async Task An_expired_role_differs_from_a_wrong_password_and_a_future_expiry_is_returned()
    {
        await server.Sql("""
            CREATE ROLE over LOGIN PASSWORD 'right' VALID UNTIL '2020-01-01 00:00:00+00';
            CREATE ROLE later LOGIN PASSWORD 'right' VALID UNTIL '2090-01-02 03:04:05+00';
            CREATE ROLE forever LOGIN PASSWORD 'right' VALID UNTIL 'infinity';
            CREATE ROLE admin7 LOGIN CREATEROLE PASSWORD 'admin-secret'
            """);

        var ended = await Provider.Test(Single("over", "admin7"), new HeldValue("right"), default);
        (ended.Verdict, ended.Code).Should().Be((Verdict.Refused, ProviderCode.LoginEnded));
        ended.Message.Should().Contain("VALID UNTIL").And.Contain("2020-01-01");
        (await Provider.Test(Single("over", null), new HeldValue("right"), default)).Message
            .Should().Contain("VALID UNTIL", "no admin can be asked");
        var failure =
            await Bench.Failure(() => Provider.Set(Single("over", "admin7"), new HeldValue("fresh"), new HeldValue("right"), default));
        (failure.Fault, failure.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.LoginEnded));

        (await Provider.Test(Single("later", null), new HeldValue("right"), default)).ExpiresAt
            .Should().Be(new DateTimeOffset(2090, 1, 2, 3, 4, 5, TimeSpan.Zero));
        (await Provider.Test(Single("forever", null), new HeldValue("right"), default)).Should().Be(Tested.Works);
    }

    [InteropFact("postgresql")]
    public async Task A_server_that_trusts_everyone_proves_nothing_about_a_value()
    {
        await server.Sql("CREATE ROLE trusted LOGIN PASSWORD 'right'");

        var tested = await Provider.Test(Single("trusted", null), new HeldValue("wrong"), default);

        tested.Should().BeEquivalentTo(new { Verdict = Verdict.Unknown, Code = ProviderCode.AnswerUnexpected });
    }

    [InteropFact("postgresql")]
    public async Task A_lost_answer_is_in_doubt_and_testing_both_values_decides()
    {
        await server.Sql("CREATE ROLE doubt LOGIN PASSWORD 'old'; CREATE ROLE admin5 LOGIN CREATEROLE PASSWORD 'admin-secret'");
        await using var proxy = new CuttingProxy(server.Port, "ALTER ROLE");
        var target = Single("doubt", "admin5", port: proxy.Port, tls: "disable");
        var value = await Provider.Create(target, Bench.Order(), default);

        var failure = await Bench.Failure(() => Provider.Set(target, value, null, default));

        (failure.Fault, failure.Code).Should().Be((ProviderFault.InDoubt, ProviderCode.AnswerLost));
        (await Provider.Test(Single("doubt", null), value, default)).Should().Be(Tested.Works, "the server had done it");
    }

    [InteropFact("postgresql")]
    public async Task A_stopped_server_is_unreachable_and_nothing_has_changed()
    {
        await using var away = new PostgresServer();
        await away.InitializeAsync();
        await away.Sql("CREATE ROLE gone LOGIN PASSWORD 'old'; CREATE ROLE admin6 LOGIN CREATEROLE PASSWORD 'admin-secret'");
        var target = Single("gone", "admin6", port: away.Port);
        var value = await Provider.Create(target, Bench.Order(), default);
        await away.Stop();

        var failure = await Bench.Failure(() => Provider.Set(target, value, null, default));
        var tested = await Provider.Test(target, value, default);
        await away.Start();
        await Provider.Set(target, value, null, default);

        (failure.Fault, failure.Code).Should().Be((ProviderFault.Unreachable, ProviderCode.Unreachable));
        tested.Should().BeEquivalentTo(new { Verdict = Verdict.Unknown, Code = ProviderCode.Unreachable });
        (await away.LetsIn("gone", value.Value)).Should().BeTrue();
    }

    private static async Task<HeldValue> Rotate(Target target, HeldValue? current)
    {
        var value = await Provider.Create(target, Bench.Order(current), default);
        await Provider.Set(target, value, current, default);
        return value;
    }

    private async Task AllWork(Target target, params HeldValue[] values)
    {
        foreach (var value in values)
        {
            (await Provider.Test(target, value, default)).Should().Be(Tested.Works);
            (await server.LetsIn(value.Handle!, Password(value))).Should().BeTrue();
        }
    }

    private Target Single(
        string username, string? admin, string database = "postgres", int? port = null, string tls = "require") => Bench.Credential(
        Provider,
        $$"""{"engine":"postgres","host":"127.0.0.1","port":{{port ?? server.Port}},"database":"{{database}}","username":"{{username}}","tls":"{{tls}}"{{(admin is null ? "" : $",\"admin_username\":\"{admin}\",\"admin_password\":\"admin-secret\"")}}}""");

    private Target Twins(string admin, string one = "twin_a", string other = "twin_b") => Bench.Credential(
        Provider,
        $$"""{"engine":"postgres","host":"127.0.0.1","port":{{server.Port}},"username":"{{one}}","alternate_username":"{{other}}","admin_username":"{{admin}}","admin_password":"admin-secret","value_format":"json","tls":"disable"}""");

    private static string Password(HeldValue value) => JsonDocument.Parse(value.Value).RootElement.GetProperty("password").GetString()!;
}
