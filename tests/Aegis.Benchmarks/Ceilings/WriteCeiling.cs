using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Benchmarks.Ceilings;

/// <summary>A row with an id, bytes and text, as large as a row of the vault.</summary>
public class BareRow
{
    public string Id { get; set; } = "";
    public byte[] Bytes { get; set; } = [];
    public string Text { get; set; } = "";
    public long Number { get; set; }
}

public sealed class BareCredential : BareRow;

public sealed class BareVersion : BareRow;

public sealed class BareEvent : BareRow;

public sealed class BareEntry : BareRow;

/// <summary>The rows that a new version writes: credential, version, event and audit entry.</summary>
public sealed class WriteDb : DbContext
{
    public WriteDb(DbContextOptions<WriteDb> options)
        : base(options) => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    public DbSet<BareCredential> Credentials => Set<BareCredential>();

    public static async Task Create(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WriteDb>();
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL");
        if (await db.Credentials.AnyAsync()) return;
        for (var i = 0; i < Plan.Connections; i++) db.Add(new BareCredential { Id = $"cred_{i:D26}", Text = new string('x', 300) });
        await db.SaveChangesAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<BareCredential>().ToTable("credentials");
        modelBuilder.Entity<BareVersion>().ToTable("versions").HasIndex(x => x.Text);
        modelBuilder.Entity<BareEvent>().ToTable("outbox").HasIndex(x => x.Number);
        modelBuilder.Entity<BareEntry>().ToTable("audit_pending");
    }
}

/// <summary>Admits one writer at a time, in order of arrival.</summary>
public sealed class BareGate
{
    public SemaphoreSlim Turn { get; } = new(1);
}

/// <summary>An MVC action that only saves the rows of a new version.</summary>
[ApiController]
[Route("versions")]
public sealed class WriteCeilingController(WriteDb db, BareGate gate) : ControllerBase
{
    [HttpPut("{number:int}")]
    public async Task<ActionResult<BareRow>> Put(int number, CancellationToken ct)
    {
        var credential = await db.Credentials.FirstAsync(c => c.Id == $"cred_{number:D26}", ct);
        credential.Number++;
        var id = Guid.CreateVersion7().ToString();
        db.AddRange(
            new BareVersion { Id = id, Bytes = RandomNumberGenerator.GetBytes(200), Text = id },
            new BareEvent { Id = id, Text = new string('e', 250), Number = credential.Number },
            new BareEntry { Id = id, Bytes = RandomNumberGenerator.GetBytes(500) });
        await gate.Turn.WaitAsync(ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        finally
        {
            gate.Turn.Release();
        }

        return new BareRow { Id = id };
    }
}
