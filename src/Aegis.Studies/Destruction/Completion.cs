namespace Aegis.Studies.Destruction;

/// <summary>The last step of a destruction: closes the meter, raises the event and signs the certificate, in one save.</summary>
internal sealed class Completion(StudiesDb db, StatementStore statements, TimeProvider clock)
{
    /// <summary>
    /// Completes the destruction of a transfer whose key is erased and whose bytes are deleted. False while a stream's lease may still
    /// be settled.
    /// </summary>
    public Task<bool> Complete(string id, CancellationToken ct) => db.ChangeWithRetry(async () =>
    {
        var transfer = await db.Transfers.Include(t => t.Meter).FirstAsync(t => t.Id == id, ct);
        if (transfer.Status is not TransferStatus.Destroying) return true;

        var now = clock.GetUtcNow();
        var leases = await db.Leases.Where(l => l.TransferId == id).OrderBy(l => l.Id).ToListAsync(ct);
        // A lease that ends later than this was written before the clock was set back, so nobody will settle it.
        if (leases.Any(l => l.ExpiresAt > now && l.ExpiresAt <= now + 2 * StreamLease.Lifetime)) return false;

        transfer.Meter!.Close(leases);
        db.Leases.RemoveRange(leases);
        transfer.CompleteDestruction(now);
        await statements.Add(transfer, StatementKind.Destruction, ct);
        return true;
    }, ct);
}
