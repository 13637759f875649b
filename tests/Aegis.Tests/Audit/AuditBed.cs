using System.Text.Json;
using Aegis.Audit;
using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Audit.Trail;
using Aegis.Contracts.Identity;
using Aegis.Kernel;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Persistence.Sqlite;
using Aegis.Kernel.Sealing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aegis.Tests.Audit;

/// <summary>The audit module alone on its own SQLite file, without a host around it.</summary>
internal sealed class AuditBed : IAsyncDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("aegis-audit-");

    private AuditBed()
    {
        Database = new DatabaseOptions(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(folder.FullName, "aegis.db")};Default Timeout=30", folder.FullName);
        var services = new ServiceCollection().AddLogging();
        Register(services, Database);
        Services = services.BuildServiceProvider();
    }

    public DatabaseOptions Database { get; }

    public ServiceProvider Services { get; }

    public CallTrail Trail => Services.GetRequiredService<CallTrail>();

    public static async Task<AuditBed> Open()
    {
        var bed = new AuditBed();
        await CreateTables(bed.Services);
        await bed.Trail.StartAsync(default);
        return bed;
    }

    public static void Register(IServiceCollection services, DatabaseOptions database)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Jobs:Runner", "None")]).Build();
        services.AddKernel(
            configuration, database, KeyOptions.From(configuration, database.DataDirectory, isProduction: false), typeof(KeyCreated).Assembly);
        services.AddAudit(configuration, database);
    }

    public static async Task CreateTables(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        foreach (var db in new DbContext[] { scope.ServiceProvider.GetRequiredService<KernelDb>(), scope.ServiceProvider.GetRequiredService<AuditDb>() })
            await db.Database.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
    }

    /// <summary>A sequencer as another host would run it: own connection, own write gate.</summary>
    public Sequencer Host(TimeProvider? clock = null) => new(
        new BulkDatabase(Database, new WriteGate()), new CommitSignals(), clock ?? TimeProvider.System, NullLogger<Sequencer>.Instance);

    public Task Write(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Trail.Write(Fact(i), default)));

    public static AuditFact Fact(int number, string organization = "cons_456", string? other = null) => new(
        Ids.New("log", Morning.AddSeconds(number)), Morning.AddSeconds(number), AuditFact.Call, "GET /v1/requests/{id}", $"req_{number}", AuditFact.Success, null,
        other is null ? [organization] : [organization, other],
        new AuditActor(organization, "key_one", "Reading room", "key_one", "192.0.2.7", "r-1"),
        new Dictionary<string, JsonElement> { ["status"] = JsonSerializer.SerializeToElement(200) });

    public async Task Run(string sql)
    {
        await using var connection = new SqliteConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await connection.Run(sql, null, default);
    }

    public async Task<List<string>> Column(string sql)
    {
        await using var connection = new SqliteConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.Statement(sql, null);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync()) found.Add(reader.GetValue(0).ToString()!);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Trail.StopAsync(default);
        await Services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
