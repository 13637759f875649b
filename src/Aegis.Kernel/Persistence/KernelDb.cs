namespace Aegis.Kernel.Persistence;

/// <summary>Outbox, inbox, pending audit entries, idempotency keys and the installation row: the tables that all modules share.</summary>
public abstract class KernelDb(DbContextOptions options) : ModuleDb(options, "kernel")
{
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<InboxRow> Inbox => Set<InboxRow>();

    public DbSet<AuditPendingRow> AuditPending => Set<AuditPendingRow>();

    public DbSet<IdempotencyRow> Idempotency => Set<IdempotencyRow>();

    public DbSet<InstallationRow> Installation => Set<InstallationRow>();

    protected override bool OwnsKernelTables => true;
}

internal sealed class SqliteKernelDb(DbContextOptions<SqliteKernelDb> options) : KernelDb(options);

internal sealed class SqlServerKernelDb(DbContextOptions<SqlServerKernelDb> options) : KernelDb(options);
