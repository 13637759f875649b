using Npgsql;

namespace Aegis.Interop.Tests.Rotation;

/// <summary>A PostgreSQL server, a data folder for successive hosts, and credentials of users in that PostgreSQL.</summary>
public sealed class RotationBed(PostgresServer server) : IAsyncDisposable
{
    private const string AdminPassword = "admin-secret";
    private static int made; // beds may share a server

    public string Folder { get; } = HostProcess.NewDataDirectory();

    public List<Account> Accounts { get; } = [];

    /// <summary>
    /// Starts a host with a lease of <paramref name="lease"/> seconds for each step. A host with a shorter lease takes the step over at
    /// once.
    /// </summary>
    public Task<HostProcess> Start(int lease = 30, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["RateLimits__PerKey"] = "1000000",
            ["RateLimits__Burst"] = "1000000",
            ["RateLimits__PerAddress"] = "1000000",
            ["Logging__LogLevel__Default"] = "Error",
            ["Jobs__Runner"] = "None",
            ["Vault__RotationLeaseSeconds"] = lease.ToString(CultureInfo.InvariantCulture),
            ["Vault__RotationsPerProvider"] = "100",
            ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "80", // hexadecimal; each rotation that waits for the others blocks a thread
        };
        foreach (var (key, value) in more) settings[key] = value;
        return HostProcess.Start(Folder, settings);
    }

    /// <summary>Creates users in PostgreSQL and registers their credentials.</summary>
    public async Task Make(HostProcess host, Users users, int count, int overlapMinutes = 0, string admin = "keeper")
    {
        var fresh = Enumerable.Range(0, count).Select(_ => new Account($"u{Interlocked.Increment(ref made)}", users)).ToList();
        await server.Sql(
            $"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{admin}') THEN CREATE ROLE {admin} LOGIN CREATEROLE "
                + $"PASSWORD '{AdminPassword}'; END IF; END $$; "
            + string.Concat(fresh.SelectMany(a => a.Logins)
                .Select(l => $"CREATE ROLE {l} LOGIN PASSWORD 'first-{l}'; GRANT {l} TO {admin} WITH ADMIN OPTION; ")));
        await Task.WhenAll(fresh.Select(async account =>
        {
            account.Id = (await host.As("admin").Post("/v1/credentials", new Dictionary<string, object?>
            {
                ["name"] = account.Name,
                ["credential_type"] = "database",
                ["provider"] = "database",
                ["rotation_overlap_minutes"] = overlapMinutes,
                ["value"] = users is Users.Twins
                    ? JsonSerializer.Serialize(new { username = $"{account.Name}_a", password = $"first-{account.Name}_a" })
                    : $"first-{account.Name}",
                ["provider_config"] = Config(account, admin),
            })).ShouldBe(HttpStatusCode.Created).Id;
        }));
        Accounts.AddRange(fresh);
    }

    public static async Task<ApiResponse> Ask(HostProcess host, Account account, Act act) => act is Act.Rollback
        ? await host.As("admin").Post($"/v1/credentials/{account.Name}/rollback", new { version = account.Before })
        : await host.As("admin")
            .Post($"/v1/credentials/{account.Name}/rotate", new { trigger = act is Act.Emergency ? "emergency" : "manual" });

    public static async Task<string> Value(HostProcess host, Account account, int? version = null) =>
        (await host.As("admin").Get($"/v1/credentials/{account.Name}/value{(version is null ? "" : $"?version={version}")}")).ShouldBe(
            HttpStatusCode.OK)["value"]!;

    /// <summary>Whether PostgreSQL accepts a value as a login.</summary>
    public async Task<bool> LetsIn(Account account, string value)
    {
        var json = account.Users is Users.Twins ? JsonDocument.Parse(value).RootElement : default;
        var login = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Database = "postgres",
            Pooling = false,
            SslMode = SslMode.Disable,
            Timeout = 30,
            Username = account.Users is Users.Twins ? json.GetProperty("username").GetString() : account.Name,
            Password = account.Users is Users.Twins ? json.GetProperty("password").GetString() : value,
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        return default;
    }

    private Dictionary<string, object> Config(Account account, string admin)
    {
        var config = new Dictionary<string, object>
        {
            ["engine"] = "postgres",
            ["host"] = "127.0.0.1",
            ["port"] = server.Port,
            ["tls"] = "disable",
            ["username"] = account.Logins.First(),
        };
        if (account.Users is not Users.Alone) (config["admin_username"], config["admin_password"]) = (admin, AdminPassword);
        if (account.Users is Users.Twins) (config["alternate_username"], config["value_format"]) = (account.Logins.Last(), "json");
        return config;
    }
}
