namespace Aegis.Kernel.Persistence;

/// <summary>An event of the outbox. It is claimed by moving <see cref="DueAt"/> to the end of the lease.</summary>
public sealed class OutboxRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The object that it happened to. Webhooks deliver the events of one object in order.</summary>
    public required string ObjectId { get; init; }

    public required string Body { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public OutboxState State { get; set; } = OutboxState.Waiting;

    public DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>The exception type of the last failure, without its message.</summary>
    public string? LastError { get; set; }
}

public enum OutboxState { Waiting, Done, Parked }

/// <summary>The receipt of one handler for one event. Its primary key makes the effect happen once.</summary>
public sealed class InboxRow
{
    public required string EventId { get; init; }

    public required string Handler { get; init; }

    public required DateTimeOffset HandledAt { get; init; }
}

/// <summary>An audit entry that is durable and not yet in the log.</summary>
public sealed class AuditPendingRow
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required byte[] Body { get; init; }
}

/// <summary>The first use of an Idempotency-Key.</summary>
public sealed class IdempotencyRow
{
    /// <summary>SHA-256 over organization, caller, route and key. It is short enough for a primary key on every database.</summary>
    public required string Id { get; init; }

    public required string BodyDigest { get; init; }

    public required string ObjectId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Facts about the whole installation: the key ring that it was created with, and whether it contains sandbox data.</summary>
public sealed class InstallationRow
{
    public const string OnlyId = "installation";

    public string Id { get; init; } = OnlyId;

    public required string KeyRingId { get; init; }

    public bool Sandbox { get; set; }

    /// <summary>The <see cref="Sealing.RootSecret"/>, sealed.</summary>
    public byte[]? SealedRoot { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static SealedFor Root(string id) => new("installation", id);
}

/// <summary>Maps the tables that every module writes in its transactions.</summary>
internal static class KernelTables
{
    public const int EventNameLength = 100;
    public const int EventBodyLength = 16_000;

    public static void Map(ModelBuilder model, bool migratedHere)
    {
        model.Entity<OutboxRow>(e =>
        {
            e.ToTable("outbox");
            e.Property(x => x.Name).HasMaxLength(EventNameLength);
            e.Property(x => x.Body).HasMaxLength(EventBodyLength);
            e.Property(x => x.LastError).HasMaxLength(200);
            e.HasIndex(x => new { x.State, x.DueAt });
            e.HasIndex(x => x.ObjectId);
        });
        model.Entity<InboxRow>(e =>
        {
            e.ToTable("inbox").HasKey(x => new { x.EventId, x.Handler });
            e.Property(x => x.Handler).HasMaxLength(100);
            e.HasIndex(x => x.HandledAt);
        });
        model.Entity<AuditPendingRow>(e =>
        {
            e.ToTable("audit_pending");
        });
        model.Entity<IdempotencyRow>(e =>
        {
            e.ToTable("idempotency");
            e.Property(x => x.Id).HasMaxLength(64);
            e.Property(x => x.BodyDigest).HasMaxLength(64);
            e.HasIndex(x => x.At);
        });

        if (migratedHere)
        {
            model.Entity<InstallationRow>(e =>
            {
                e.ToTable("installation");
                e.Property(x => x.SealedRoot).HasMaxLength(400).IsSealed(InstallationRow.Root);
            });
            return;
        }

        foreach (var type in Shared)
            model.Entity(type).ToTable(table => table.ExcludeFromMigrations());
    }

    public static readonly Type[] Shared = [typeof(OutboxRow), typeof(InboxRow), typeof(AuditPendingRow), typeof(IdempotencyRow)];
}
