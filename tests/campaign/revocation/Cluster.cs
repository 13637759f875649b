using System.Diagnostics;
using System.Net;
using Aegis.Tests.App;
using Aegis.Tests.Processes;
using Microsoft.Data.Sqlite;

namespace Aegis.Campaign.Revocation;

/// <summary>Three hosts, each a separate process, with one SQLite database and one issuer.</summary>
internal sealed class Cluster(string folder, IReadOnlyList<HostProcess> hosts) : IAsyncDisposable
{
    private const int Size = 3;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Auth__Issuer"] = "http://campaign.example/realms/aegis-system",
        ["RateLimits__PerKey"] = "1000000",
        ["RateLimits__Burst"] = "1000000",
        ["RateLimits__PerAddress"] = "1000000",
        ["Logging__LogLevel__Default"] = "Error",
    };

    public IReadOnlyList<HostProcess> Hosts => hosts;

    public string Database => Path.Combine(folder, "aegis.db");

    public static async Task<Cluster> Start()
    {
        var folder = HostProcess.NewDataDirectory();
        var hosts = new List<HostProcess>();
        for (var i = 0; i < Size; i++) hosts.Add(await HostProcess.Start(folder, Settings));
        return new Cluster(folder, hosts);
    }

    public HostProcess Host(int number) => hosts[number % Size];

    /// <summary>Creates a key and a token of it.</summary>
    public async Task<Victim> Victim(int round)
    {
        var made = (await Host(round).As("operator")
            .Post("/v1/auth/keys", new { name = $"round {round}", scopes = new[] { "study:read" }, expiry = "7d" }))
            .ShouldBe(HttpStatusCode.Created);
        var key = made["key"]!;
        var token = (await new ApiClient(Http(Host(round + 1))).With("X-Api-Key", key)
            .Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        return new Victim(made.Id, key, token);
    }

    /// <summary>
    /// Stops a host at a moment when it does not have SQLite's write lock. If a stopped process had the lock, no host could write, the
    /// revocation would be refused with 503, and there would be no response to measure from.
    /// </summary>
    public async Task StopBetweenWrites(int host)
    {
        while (true)
        {
            await hosts[host].Stop();
            if (CanWrite()) return;
            await hosts[host].Continue();
            await Task.Delay(100);
        }
    }

    private bool CanWrite()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Default Timeout=1;Pooling=False");
        connection.Open();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            return false;
        }
    }

    /// <summary>Revokes on one host. Returns the time of the response and the duration.</summary>
    public async Task<(long Answered, TimeSpan Took)> Revoke(Victim victim, int on)
    {
        var start = Stopwatch.GetTimestamp();
        (await Host(on).As("operator").Delete($"/v1/auth/keys/{victim.Id}")).ShouldBe(HttpStatusCode.OK);
        var answered = Stopwatch.GetTimestamp();
        return (answered, Stopwatch.GetElapsedTime(start, answered));
    }

    public static HttpClient Http(HostProcess host) => new() { BaseAddress = new Uri(host.BaseUrl), Timeout = TimeSpan.FromSeconds(60) };

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts) await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>The key that is revoked in a round, and a token of it.</summary>
internal sealed record Victim(string Id, string Key, string Token);
