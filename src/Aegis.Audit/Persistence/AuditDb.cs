namespace Aegis.Audit.Persistence;

/// <summary>
/// The log, which entries each organization may read, and the evidence keys. The sequencer writes the log with SQL, never through this
/// context; only retention deletes entries through it.
/// </summary>
internal abstract class AuditDb(DbContextOptions options) : ModuleDb(options, "audit")
{
    public DbSet<LogEntry> Entries => Set<LogEntry>();

    public DbSet<EntryOwner> Owners => Set<EntryOwner>();

    public DbSet<LogHead> Heads => Set<LogHead>();

    public DbSet<TileRow> Tiles => Set<TileRow>();

    public DbSet<AuditPendingRow> Pending => Set<AuditPendingRow>();

    public DbSet<EvidenceKey> EvidenceKeys => Set<EvidenceKey>();
}

internal sealed class SqliteAuditDb(DbContextOptions<SqliteAuditDb> options) : AuditDb(options);

internal sealed class SqlServerAuditDb(DbContextOptions<SqlServerAuditDb> options) : AuditDb(options);
