using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Benchmarks.Ceilings;

/// <summary>The columns of a request, for EF Core.</summary>
public sealed class RequestRow
{
    public string Id { get; set; } = "";
    public string ConsumerId { get; set; } = "";
    public string ProviderId { get; set; } = "";
    public string Status { get; set; } = "";
    public byte[]? SealedDetails { get; set; }
    public string PatientFingerprint { get; set; } = "";
    public string? PurposeOfUse { get; set; }
    public int WindowHours { get; set; }
    public int? MaxViews { get; set; }
    public string? DeclineReason { get; set; }
    public byte[]? SealedNote { get; set; }
    public long CreatedAt { get; set; }
    public long? AcceptedAt { get; set; }
    public long ExpiresAt { get; set; }
    public long? EndedAt { get; set; }
    public long? ShredAt { get; set; }
    public string? LeaseOwner { get; set; }
    public long? LeaseUntil { get; set; }
    public long Revision { get; set; }
}

public sealed class CeilingDb(DbContextOptions<CeilingDb> options) : DbContext(options)
{
    public DbSet<RequestRow> Rows => Set<RequestRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<RequestRow>().ToTable("studies_requests").HasKey(r => r.Id);
}

/// <summary>An MVC action that reads one row with a compiled query.</summary>
[ApiController]
[Route("rows")]
public sealed class ReadCeilingController(CeilingDb db) : ControllerBase
{
    private static readonly Func<CeilingDb, string, Task<RequestRow?>> Find =
        EF.CompileAsyncQuery((CeilingDb context, string id) => context.Rows.AsNoTracking().FirstOrDefault(r => r.Id == id));

    [HttpGet("{id}")]
    public async Task<ActionResult<RequestRow>> Get(string id) => await Find(db, id) is { } row ? row : NotFound();
}
