using Aegis.Audit;
using Aegis.Audit.Checkpoints;
using Aegis.Audit.Merkle;
using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Audit.Trail;
using Aegis.Contracts.Identity;
using Aegis.Kernel;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence.Sqlite;
using Aegis.Kernel.Persistence.SqlServer;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Audit.Notes;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aegis.Tests.Audit;

/// <summary>The audit module with its own database, without a host.</summary>
internal sealed class AuditBed : IAsyncDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    public static readonly string Pending = TestDatabase.Table("kernel", "audit_pending");
    public static readonly string Entries = TestDatabase.Table("audit", "entries");
    public static readonly string Owners = TestDatabase.Table("audit", "entry_owners");
    public static readonly string Tiles = TestDatabase.Table("audit", "tiles");
    public static readonly string Head = TestDatabase.Table("audit", "head");

    /// <summary>The key that signs checkpoints.</summary>
    public static readonly NoteSigner Signer = new("log.example", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    private readonly DirectoryInfo folder;
    private readonly TestDatabase stored;

    private AuditBed(DirectoryInfo folder, TestDatabase stored)
    {
        (this.folder, this.stored) = (folder, stored);
        Database = stored.Options;
        var services = new ServiceCollection().AddLogging();
        Register(services, Database);
        Services = services.BuildServiceProvider();
    }

    public DatabaseOptions Database { get; }

    public ServiceProvider Services { get; }

    public CallTrail Trail => Services.GetRequiredService<CallTrail>();

    public static async Task<AuditBed> Open()
    {
        var folder = Directory.CreateTempSubdirectory("aegis-audit-");
        var bed = new AuditBed(folder, await TestDatabase.Create(folder.FullName));
        await CreateTables(bed.Services);
        await bed.Trail.StartAsync(default);
        return bed;
    }

    public static void Register(IServiceCollection services, DatabaseOptions database)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Jobs:Runner", "None")]).Build();
        services.AddKernel(
            configuration, database, KeyOptions.From(configuration, database.DataDirectory, isProduction: false),
            typeof(KeyCreated).Assembly);
        services.AddAudit(configuration, database);
        services.AddSingleton<IKeyDirectory, TestKeys>();
    }

    /// <summary>Every key is active until the test sets <see cref="AreRevoked"/>.</summary>
    public sealed class TestKeys : IKeyDirectory
    {
        public bool AreRevoked { get; set; }

        public Task<bool> IsActive(string keyId, CancellationToken ct) => Task.FromResult(!AreRevoked);
    }

    public static async Task CreateTables(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        foreach (var db in new DbContext[] { scope.ServiceProvider.GetRequiredService<KernelDb>(),
            scope.ServiceProvider.GetRequiredService<AuditDb>() })
            await db.Database.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
    }

    /// <summary>The checkpoint file that all hosts share.</summary>
    public CheckpointFile Checkpoints => new(Path.Combine(folder.FullName, "audit-checkpoints"));

    /// <summary>A sequencer like that of another host, with its own connection and write gate.</summary>
    public Sequencer Host(
        TimeProvider? clock = null, ILogger<Sequencer>? log = null, ILogger<Notary>? notaryLog = null, CheckpointSigner? signer = null)
    {
        var database = new BulkDatabase(Database, new WriteGate(), Services.GetRequiredService<ConnectionRetries>());
        var notary = new Notary(
            database, Checkpoints, signer ?? (_ => Task.FromResult<NoteSigner?>(Signer)), clock ?? TimeProvider.System,
            notaryLog ?? NullLogger<Notary>.Instance);
        return new Sequencer(database, new CommitSignals(), notary, clock ?? TimeProvider.System, log ?? NullLogger<Sequencer>.Instance);
    }

    public Task Write(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Trail.Write(Fact(i), default)));

    public static AuditFact Fact(int number, string organization = "cons_456", string? other = null) => new(
        Ids.New("log", Morning.AddSeconds(number)), Morning.AddSeconds(number), AuditFact.Call, "GET /v1/requests/{id}", $"req_{number}",
        AuditFact.Success, null,
        other is null ? [organization] : [organization, other],
        new AuditActor(organization, "key_one", "Reading room", "key_one", "192.0.2.7", "r-1"),
        new Dictionary<string, JsonElement> { ["status"] = JsonSerializer.SerializeToElement(200) });

    public Task Run(string sql) => stored.Run(sql);

    public Task<List<string>> Column(string sql) => stored.Column(sql);

    /// <summary>Renames the table of pending entries, so that nothing can be written.</summary>
    public Task HidePending() => stored.HidePending();

    public Task ShowPending() => stored.ShowPending();

    public static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 500 && !await condition(); i++) await Task.Delay(20);
        (await condition()).Should().BeTrue();
    }

    /// <summary>
    /// Compares the stored tiles and the last checkpoint with a tree computed from the stored entries by the RFC's definition.
    /// </summary>
    public async Task ShouldHaveItsTree(int size)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuditDb>();
        var entries = await db.Entries.AsNoTracking().OrderBy(e => e.Sequence).ToListAsync();
        entries.Select(e => e.Sequence).Should().Equal(Enumerable.Range(0, size).Select(i => (long)i));
        var leaves = entries.ConvertAll(e => LogEntry.Leaf(e.Sequence, e.Salt, e.Body));
        var expected = TreeEdge.Empty.Append(leaves);
        var tiles = await db.Tiles.AsNoTracking().Select(t => new { t.Level, t.Number, t.Hashes }).ToListAsync();
        tiles.Select(t => (t.Level, t.Number, Convert.ToHexString(t.Hashes))).Should()
            .BeEquivalentTo(expected.Tiles.Select(t => (t.Tile.Level, t.Tile.Number, Convert.ToHexString(t.Tile.Hashes))));
        var head = await db.Heads.AsNoTracking().SingleAsync();
        (head.Next, head.Hashed, head.CheckpointSize).Should().Be((size, size, size));
        var checkpoint = Checkpoint.Parse(head.Checkpoint!)!;
        checkpoint.Root.Should().Equal(Merkle.Checks.Root(leaves.ToArray()));
    }

    public async ValueTask DisposeAsync()
    {
        await Trail.StopAsync(default);
        await Services.DisposeAsync();
        await stored.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
