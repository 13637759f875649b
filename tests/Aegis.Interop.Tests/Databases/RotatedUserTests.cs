using Aegis.Tests.Vault;

namespace Aegis.Interop.Tests.Databases;

/// <summary>Rotation over the API against Debian's PostgreSQL.</summary>
public sealed class RotatedUserTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [InteropFact("postgresql")]
    public async Task Rotation_alternates_between_two_users_and_an_emergency_revokes_at_once()
    {
        await server.Sql(
            "CREATE ROLE api_a LOGIN; CREATE ROLE api_b LOGIN; CREATE ROLE api_admin LOGIN CREATEROLE PASSWORD 'admin-canary'");
        var vault = new VaultApp();
        await vault.InitializeAsync();
        try
        {
            var name = await vault.Registered("database", value: null, config: new
            {
                engine = "postgres",
                host = "127.0.0.1",
                port = server.Port,
                username = "api_a",
                alternate_username = "api_b",
                admin_username = "api_admin",
                admin_password = "admin-canary",
                value_format = "json",
                tls = "require",
            });

            (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
            var first = await Login(vault, name);
            (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK);
            var second = await Login(vault, name);
            (await server.LetsIn(first.Username, first.Password)).Should().BeTrue("the overlap has not ended");
            (await server.LetsIn(second.Username, second.Password)).Should().BeTrue();
            (await vault.Rotate(name, "emergency")).ShouldBe(HttpStatusCode.OK);
            await vault.Until(name, "done");

            var third = await Login(vault, name);
            new[] { first.Username, second.Username, third.Username }.Should().Equal("api_a", "api_b", "api_a");
            (await server.LetsIn(third.Username, third.Password)).Should().BeTrue();
            (await server.LetsIn(first.Username, first.Password)).Should().BeFalse();
            (await server.LetsIn(second.Username, second.Password)).Should().BeFalse();
            (await vault.Admin.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("healthy");
            vault.App.Logs.Lines
                .Should().NotContain(l => l.Contains("admin-canary") || l.Contains(third.Password) || l.Contains("SCRAM-SHA-256$"));
        }
        finally
        {
            await vault.DisposeAsync();
        }
    }

    [InteropFact("postgresql")]
    public async Task The_old_value_is_refused_after_its_overlap_and_a_rollback_sets_it_again()
    {
        await server.Sql(
            "CREATE ROLE lap_a LOGIN; CREATE ROLE lap_b LOGIN; CREATE ROLE lap_admin LOGIN CREATEROLE PASSWORD 'admin-canary'");
        var vault = new VaultApp();
        await vault.InitializeAsync();
        try
        {
            var name = await vault.Registered("database", value: null, overlap: 60, config: new
            {
                engine = "postgres",
                host = "127.0.0.1",
                port = server.Port,
                username = "lap_a",
                alternate_username = "lap_b",
                admin_username = "lap_admin",
                admin_password = "admin-canary",
                value_format = "json",
                tls = "require",
            });
            await vault.Rotate(name);
            await vault.Rotate(name);
            var (first, second) = (await Login(vault, name, 1), await Login(vault, name));

            vault.Clock.Advance(TimeSpan.FromMinutes(59));
            await Task.Delay(1500); // longer than the runner's period
            (await server.LetsIn(first.Username, first.Password)).Should().BeTrue("a minute is left");
            await vault.Until(name, "done");
            (await server.LetsIn(first.Username, first.Password)).Should().BeFalse();
            (await server.LetsIn(second.Username, second.Password)).Should().BeTrue();

            (await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
            (await server.LetsIn(first.Username, first.Password)).Should().BeTrue("it was set again");
            (await server.LetsIn(second.Username, second.Password)).Should().BeTrue("its overlap has begun");
            await vault.Until(name, "done");
            (await server.LetsIn(second.Username, second.Password)).Should().BeFalse();
            (await Login(vault, name)).Should().Be(first);
            (await server.LetsIn(first.Username, first.Password)).Should().BeTrue();
        }
        finally
        {
            await vault.DisposeAsync();
        }
    }

    [InteropFact("postgresql")]
    public async Task A_rotation_without_permission_needs_attention_and_continues_once_permitted()
    {
        await server.Sql("CREATE ROLE barred LOGIN PASSWORD 'first-value'; CREATE ROLE powerless LOGIN PASSWORD 'admin-canary'");
        var vault = new VaultApp();
        await vault.InitializeAsync();
        try
        {
            var name = await vault.Registered("database", config: new
            {
                engine = "postgres",
                host = "127.0.0.1",
                port = server.Port,
                username = "barred",
                admin_username = "powerless",
                admin_password = "admin-canary",
                tls = "require",
            });

            var refused = await vault.Rotate(name);

            refused.ShouldBeRefused(HttpStatusCode.Conflict, "rotation_needs_attention")["provider_code"].Should().Be("permission_missing");
            (await vault.ValueOf(name)).Should().Be("first-value");
            (await server.LetsIn("barred", "first-value")).Should().BeTrue("nothing has changed");
            await server.Sql("ALTER ROLE powerless CREATEROLE; GRANT barred TO powerless WITH ADMIN OPTION");
            (await vault.Rotate(name)).ShouldBe(HttpStatusCode.OK)["new_version"].Should().Be("2");
            (await server.LetsIn("barred", await vault.ValueOf(name))).Should().BeTrue();
            (await server.LetsIn("barred", "first-value")).Should().BeFalse();
        }
        finally
        {
            await vault.DisposeAsync();
        }
    }

    [InteropFact("postgresql")]
    public async Task A_user_whose_only_connection_is_in_use_is_rotated_and_its_expiry_is_learned()
    {
        await server.Sql("""
            CREATE ROLE single LOGIN PASSWORD 'first-value' CONNECTION LIMIT 0;
            CREATE ROLE ends LOGIN PASSWORD 'first-value' VALID UNTIL '2090-01-02 03:04:05+00';
            CREATE ROLE one_admin LOGIN CREATEROLE PASSWORD 'admin-canary'
            """);
        var vault = new VaultApp();
        await vault.InitializeAsync();
        try
        {
            object Config(string username) => new
            {
                engine = "postgres",
                host = "127.0.0.1",
                port = server.Port,
                username,
                admin_username = "one_admin",
                admin_password = "admin-canary",
                tls = "require",
            };
            var single = await vault.Registered("database", config: Config("single"));
            var ends = await vault.Registered("database", config: Config("ends"));

            (await vault.Rotate(single)).ShouldBe(HttpStatusCode.OK).Text
                .Should().NotContain("unproven", "the server has accepted the password");
            await server.Sql("ALTER ROLE single CONNECTION LIMIT -1");
            (await server.LetsIn("single", await vault.ValueOf(single))).Should().BeTrue();
            (await vault.Admin.Post($"/v1/credentials/{ends}/test")).ShouldBe(HttpStatusCode.OK)["details.expires_at"]
                .Should().Be("2090-01-02T03:04:05Z");
            (await vault.Rotate(ends)).ShouldBe(HttpStatusCode.OK);
            (await vault.Admin.Get($"/v1/credentials/{ends}"))["expires_at"].Should().Be("2090-01-02T03:04:05Z");
        }
        finally
        {
            await vault.DisposeAsync();
        }
    }

    private static async Task<(string Username, string Password)> Login(VaultApp vault, string name, int? version = null)
    {
        var value = version is null
            ? await vault.ValueOf(name)
            : (await vault.Admin.Get($"/v1/credentials/{name}/value?version={version}"))["value"]!;
        var json = JsonDocument.Parse(value).RootElement;
        return (json.GetProperty("username").GetString()!, json.GetProperty("password").GetString()!);
    }
}
