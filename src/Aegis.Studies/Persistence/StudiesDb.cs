namespace Aegis.Studies.Persistence;

/// <summary>Requests and transfers, with their tickets, meters, leases and statements.</summary>
internal abstract class StudiesDb(DbContextOptions options) : ModuleDb(options, "studies")
{
    public DbSet<StudyRequest> Requests => Set<StudyRequest>();

    public DbSet<Transfer> Transfers => Set<Transfer>();

    public DbSet<ContentTicket> Tickets => Set<ContentTicket>();

    public DbSet<Meter> Meters => Set<Meter>();

    public DbSet<StreamLease> Leases => Set<StreamLease>();

    public DbSet<SignedStatement> Statements => Set<SignedStatement>();
}

internal sealed class SqliteStudiesDb(DbContextOptions<SqliteStudiesDb> options) : StudiesDb(options);

internal sealed class SqlServerStudiesDb(DbContextOptions<SqlServerStudiesDb> options) : StudiesDb(options);
