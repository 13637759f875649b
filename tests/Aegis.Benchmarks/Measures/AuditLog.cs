using System.Collections.Concurrent;
using Aegis.Audit;
using Aegis.Contracts.Identity;
using Aegis.Kernel;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aegis.Benchmarks.Measures;

/// <summary>
/// P6: entries that are made durable while they are sequenced and hashed, compared with a bare group commit in SQLite. Runs in this
/// process, without HTTP.
/// </summary>
internal static class AuditLog
{
    private const double Target = 0.5;
    private const int Writers = 1_000;
    private const int Steady = 1_000; // entries per second; more than the calls of the busiest clinic network

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        var folder = workspace.NewFolder("audit");
        using var host = await Start(folder);
        var trail = host.Services.GetRequiredService<IAuditTrail>();
        var database = Path.Combine(folder, "aegis.db");
        await using var raw = new RawGroupCommit(Path.Combine(workspace.NewFolder("raw"), "raw.db"));
        var body = Fact().ToBytes();
        var (durable, best) = (new Rate(), new Rate());
        for (var round = 0; round < plan.Rounds + 1; round++)
        {
            var measured = round > 0; // the first round warms up the compiler
            await Drive(plan.Round, () => trail.Write(Fact(), default), measured ? durable : new Rate());
            var left = Pending(database);
            var drained = Stopwatch.StartNew();
            while (Pending(database) > 0) await Task.Delay(20);
            if (round == plan.Rounds && left > 0)
                report(new Row("P6", "entries sequenced, with owners and hashes", $"{left / drained.Elapsed.TotalSeconds:N0}/s"));
            await Drive(plan.Round, () => raw.Write(Ids.New("log", TimeProvider.System.GetUtcNow()), body), measured ? best : new Rate());
        }

        report(new Row("P6", "entries made durable while others are sequenced", $"{durable.PerSecond:N0}/s")
        {
            Ceiling = $"{best.PerSecond:N0}/s",
            Ratio = durable.PerSecond / best.PerSecond,
            Target = $"≥ {Target}",
            Met = durable.PerSecond >= Target * best.PerSecond,
        });
        report(await Lag(plan, trail, database));
        await host.StopAsync();
    }

    /// <summary>Age of the oldest entry that is not sequenced yet, at a steady rate.</summary>
    private static async Task<Row> Lag(Plan plan, IAuditTrail trail, string database)
    {
        var (watch, sent, ages) = (Stopwatch.StartNew(), 0, new List<double>());
        var writing = new ConcurrentBag<Task>();
        while (watch.Elapsed < plan.Round * plan.Rounds)
        {
            for (; sent < Steady * watch.Elapsed.TotalSeconds; sent++) writing.Add(trail.Write(Fact(), default));
            ages.Add(Math.Max(0, OldestAge(database)));
            await Task.Delay(20);
        }

        await Task.WhenAll(writing);
        ages.Sort();
        var slowest = ages[^1];
        return new Row("P6", $"time until sequenced, at {Steady:N0} entries per second", $"at most {slowest:0} ms")
        {
            Target = "≤ 1 s",
            Met = slowest <= 1_000,
            Latency = $"{ages[ages.Count / 2]:0} / {ages[(int)(ages.Count * 0.99)]:0}",
        };
    }

    private static async Task Drive(TimeSpan time, Func<Task> write, Rate into)
    {
        var (watch, count) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                await write();
                Interlocked.Increment(ref count);
            }
        })));
        into.Add(count, watch.Elapsed);
    }

    private static async Task<IHost> Start(string folder)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Jobs:Runner"] = "None";
        var database = DatabaseOptions.From(builder.Configuration, folder);
        builder.Services.AddKernel(
            builder.Configuration, database, KeyOptions.From(builder.Configuration, folder, isProduction: false), typeof(Scopes).Assembly);
        builder.Services.AddAudit(builder.Configuration, database);
        builder.Services.AddSingleton<IPublicUrl>(new FixedUrl());
        var host = builder.Build();
        await host.Services.GetRequiredService<Migrator>().Migrate(default);
        await using (var scope = host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<Installation>().Begin(mayCreateRing: true, sandbox: false, default);
        await host.StartAsync();
        return host;
    }

    private static AuditFact Fact()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new AuditFact(
            Ids.New("log", now), now, AuditFact.Call, "GET /v1/requests/{id}", "req_01h455vb4pex5vsknk084sn02q", AuditFact.Success, null,
            ["cons_456"],
            new AuditActor("cons_456", "key_01h455vb4pex5vsknk084sn02q", "Reading room", "key_01h455vb4pex5vsknk084sn02q", "192.0.2.7",
                "0HNA1B2C3D4E5:00000001"),
            new Dictionary<string, JsonElement> { ["status"] = JsonSerializer.SerializeToElement(200) });
    }

    private static long Pending(string database) => Convert.ToInt64(Ask(database, "SELECT COUNT(*) FROM audit_pending"));

    private static double OldestAge(string database) =>
        Ask(database, "SELECT At FROM audit_pending ORDER BY Id LIMIT 1") is long at
            ? (TimeProvider.System.GetUtcNow().UtcTicks - at) / (double)TimeSpan.TicksPerMillisecond
            : 0;

    private static object? Ask(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
        connection.Open();
        return Bulk.Scalar(connection, sql);
    }

    private sealed class FixedUrl : IPublicUrl
    {
        public string Value => "http://localhost:8012";
    }

    private sealed class Rate
    {
        private int count;
        private TimeSpan elapsed;

        public double PerSecond => count / elapsed.TotalSeconds;

        public void Add(int more, TimeSpan took) => (count, elapsed) = (count + more, elapsed + took);
    }
}
