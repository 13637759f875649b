using Aegis.Contracts.Evidence;

namespace Aegis.Studies.Statements;

/// <summary>Signs what is stated of a transfer, and finds it again.</summary>
internal sealed class StatementStore(StudiesDb db, IEvidenceSigner signer, TimeProvider clock)
{
    /// <summary>Adds the statement to the save that is being prepared; what it says must be on the transfer already.</summary>
    public async Task<SignedStatement> Add(Transfer transfer, StatementKind kind, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var text = kind is StatementKind.Destruction ? Certificate.TextOf(transfer, now) : ReceiptText.TextOf(transfer, now);
        var statement = new SignedStatement(transfer.Id, kind, await signer.Sign(text, ct));
        db.Statements.Add(statement);
        return statement;
    }

    /// <summary>The stored note. What was stated before there were signed notes is signed now.</summary>
    /// <param name="transfer">A transfer of which this can be stated, not tracked, with its meter.</param>
    /// <param name="kind">What is stated.</param>
    /// <param name="ct">Ends the call early.</param>
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
            return (await Find(transfer.Id, kind, ct))!; // another call signed it in the same moment
        }
    }

    private Task<string?> Find(string transferId, StatementKind kind, CancellationToken ct) =>
        db.Statements.Where(s => s.TransferId == transferId && s.Kind == kind).Select(s => (string?)s.Note).SingleOrDefaultAsync(ct);
}
