namespace Aegis.Audit.Persistence;

/// <summary>
/// The log, who may read what of it, and the keys of evidence. Rows of the log are written by the sequencer alone, never through this
/// context.
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
