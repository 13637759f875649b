using System.Net;
using System.Text.Json;
using Aegis.Interop.Tests.Tools;
using Aegis.Tests.Vault;

namespace Aegis.Interop.Tests.Databases;

/// <summary>Rotation over the API against Debian's PostgreSQL.</summary>
public sealed class RotatedUserTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [InteropFact("postgresql")]
    public async Task Two_users_take_turns_over_the_API_and_an_emergency_ends_the_old_one_at_once()
    {
        await server.Sql("CREATE ROLE api_a LOGIN; CREATE ROLE api_b LOGIN; CREATE ROLE api_admin LOGIN CREATEROLE PASSWORD 'admin-canary'");
        var vault = new VaultApp();
        await vault.InitializeAsync();
        try
        {
            var name = await vault.Registered("database", value: null, config: new
            {
                engine = "postgres", host = "127.0.0.1", port = server.Port, username = "api_a", alternate_username = "api_b",
                admin_username = "api_admin", admin_password = "admin-canary", value_format = "json", tls = "require",
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
            vault.App.Logs.Lines.Should().NotContain(l => l.Contains("admin-canary") || l.Contains(third.Password) || l.Contains("SCRAM-SHA-256$"));
        }
        finally
        {
            await vault.DisposeAsync();
        }
    }

    private static async Task<(string Username, string Password)> Login(VaultApp vault, string name)
    {
        var json = JsonDocument.Parse(await vault.ValueOf(name)).RootElement;
        return (json.GetProperty("username").GetString()!, json.GetProperty("password").GetString()!);
    }
}
