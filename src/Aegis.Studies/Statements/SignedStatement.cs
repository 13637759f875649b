using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Statements;

/// <summary>The kinds of signed notes. A transfer has at most one of each.</summary>
internal enum StatementKind { Destruction, Receipt }

/// <summary>
/// A signed note about a transfer. It is signed and stored in the same save as the facts that it states. It never changes, even if the key
/// is rotated or a column is added later. It is a separate row so that it is read only when it is needed.
/// </summary>
internal sealed class SignedStatement
{
    public const int MaxLength = 4000;

    public SignedStatement(string transferId, StatementKind kind, string note)
    {
        TransferId = transferId;
        Kind = kind;
        Note = note;
    }

    public string TransferId { get; private set; } = "";

    public StatementKind Kind { get; private set; }

    /// <summary>The whole note (C2SP signed-note).</summary>
    public string Note { get; private set; } = "";
}

internal sealed class SignedStatementMap : IEntityTypeConfiguration<SignedStatement>
{
    public void Configure(EntityTypeBuilder<SignedStatement> e)
    {
        e.ToTable("statements").HasKey(x => new { x.TransferId, x.Kind });
        e.Property(x => x.Note).HasMaxLength(SignedStatement.MaxLength);
        e.HasOne<Transfer>().WithMany().HasForeignKey(x => x.TransferId);
    }
}
