using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Statements;

/// <summary>What is stated of a transfer, once and for all.</summary>
internal enum StatementKind { Destruction, Receipt }

/// <summary>
/// A signed note about a transfer. It is signed and stored with what it states, in one save, and never again: a key that is rotated later,
/// or a column that is added, changes nothing of it. Apart from the transfer, so that only those who want it read it.
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
