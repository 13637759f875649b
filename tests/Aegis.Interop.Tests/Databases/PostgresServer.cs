using System.Security.Cryptography.X509Certificates;

namespace Aegis.Interop.Tests.Databases;

/// <summary>
/// A PostgreSQL server in a temporary folder, on a random loopback port, with TLS for the name <c>db.test</c>. It uses SCRAM for all logins
/// except the superuser's on the socket.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime, IAsyncDisposable
{
    private readonly string folder = Path.Combine("/tmp", Ids.New("pg", TimeProvider.System.GetUtcNow())); // socket paths must be short

    public int Port { get; } = Ports.Reserve();

    /// <summary>PEM of the server's self-signed certificate.</summary>
    public string Certificate { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (Tool.Missing(["postgresql"]) is not null) return;
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root") (await Tool.Run("chown", "postgres", folder)).ShouldSucceed();
        await Run("initdb", "-D", $"{folder}/data", "-U", "super", "--auth=reject", "--no-sync", "-E", "UTF8", "--locale=C");
        await Write("pg_hba.conf",
            "local all super trust\nhost nowhere all 127.0.0.1/32 reject\nhost all trusted 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 "
                + "scram-sha-256\n");
        await WriteCertificate();
        await File.AppendAllTextAsync($"{folder}/data/postgresql.conf", $"""

            listen_addresses = '127.0.0.1'
            max_connections = 250
            port = {Port}
            unix_socket_directories = '{folder}'
            ssl = on
            log_statement = 'all'
            logging_collector = off
            fsync = off
            """);
        await Start();
    }

    public async Task DisposeAsync()
    {
        if (!Directory.Exists(folder)) return;
        await Stop();
        Directory.Delete(folder, recursive: true);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    public Task Start() => Run("pg_ctl", "-D", $"{folder}/data", "-l", $"{folder}/log", "-w", "start");

    public Task Stop() => Run("pg_ctl", "-D", $"{folder}/data", "-w", "-m", "immediate", "stop");

    /// <summary>Runs SQL as the superuser and returns its output.</summary>
    public async Task<string> Sql(string sql) =>
        (await Tool.Run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", $"{Port}", "-U", "super", "-d",
            "postgres", "-c", sql)).ShouldSucceed().Output.Trim();

    /// <summary>Logs in with Debian's psql, an independent client.</summary>
    public async Task<bool> LetsIn(string username, string password) =>
        (await Tool.Run("env", $"PGPASSWORD={password}", "PGSSLMODE=require", "psql", "-X", "-w", "-h", "127.0.0.1", "-p", $"{Port}", "-U",
            username, "-d", "postgres", "-c", "SELECT 1")).ExitCode == 0;

    public Task<string> Log() => File.ReadAllTextAsync($"{folder}/log");

    private async Task WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=db.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("db.test");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Certificate = certificate.ExportCertificatePem();
        await Write("server.crt", Certificate);
        await Write("server.key", key.ExportPkcs8PrivateKeyPem());
        (await Tool.Run("chmod", "600", $"{folder}/data/server.key")).ShouldSucceed();
    }

    private async Task Write(string name, string text)
    {
        await File.WriteAllTextAsync($"{folder}/data/{name}", text);
        if (Environment.UserName == "root") (await Tool.Run("chown", "postgres", $"{folder}/data/{name}")).ShouldSucceed();
    }

    /// <summary>PostgreSQL does not run as root, so it runs as the user that Debian created for it.</summary>
    private static async Task Run(string program, params string[] arguments)
    {
        var path = Path.Combine(Tool.PostgresFolder!, program);
        var run = Environment.UserName == "root"
            ? await Tool.Run("runuser", ["-u", "postgres", "--", path, .. arguments])
            : await Tool.Run(path, arguments);
        run.ShouldSucceed();
    }
}
