using Aegis.Contracts.Evidence;

namespace Aegis.Studies.Statements;

/// <summary>Signs statements about transfers, and finds stored ones.</summary>
internal sealed class StatementStore(StudiesDb db, IEvidenceSigner signer, TimeProvider clock)
{
    /// <summary>Adds a signed statement to the caller's next save. The transfer must already have the facts that it states.</summary>
    public async Task<SignedStatement> Add(Transfer transfer, StatementKind kind, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var text = kind is StatementKind.Destruction ? Certificate.TextOf(transfer, now) : ReceiptText.TextOf(transfer, now);
        var statement = new SignedStatement(transfer.Id, kind, await signer.Sign(text, ct));
        db.Statements.Add(statement);
        return statement;
    }

    /// <summary>The stored note. For transfers from before signed notes, it is signed and stored now.</summary>
    /// <param name="transfer">A transfer in the stated condition, not tracked, loaded with its meter.</param>
    /// <param name="kind">The kind of note.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<string> Note(Transfer transfer, StatementKind kind, CancellationToken ct)
    {
        if (await Find(transfer.Id, kind, ct) is { } stored) return stored;

        var statement = await Add(transfer, kind, ct);
        try
        {
            await db.SaveChangesAsync(ct);
            return statement.Note;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return (await Find(transfer.Id, kind, ct))!; // another call signed it at the same time
        }
    }

    private Task<string?> Find(string transferId, StatementKind kind, CancellationToken ct) =>
        db.Statements.Where(s => s.TransferId == transferId && s.Kind == kind).Select(s => (string?)s.Note).SingleOrDefaultAsync(ct);
}
