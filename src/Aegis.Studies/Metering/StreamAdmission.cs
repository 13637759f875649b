namespace Aegis.Studies.Metering;

/// <summary>Decides whether a view covers a stream, and whether a stream that no view covers may begin.</summary>
internal static class StreamAdmission
{
    /// <summary>Opens the account of a stream that the last view covers.</summary>
    public static async Task<StreamAccount> AdmitCovered(
        StudiesDb db, string transferId, StreamPiece piece, DateTimeOffset now, CancellationToken ct)
    {
        var account = Grant(db, transferId, piece, counted: null, continues: false, now);
        await db.SaveChangesAsync(ct);
        return account;
    }

    /// <summary>Opens the account of a stream after checking whether the last view covers it.</summary>
    /// <exception cref="RefusedException">views_exhausted, too_many_pieces</exception>
    public static Task<StreamAccount> Admit(
        StudiesDb db, ServedTicket ticket, StreamPiece piece, TimeProvider clock, CancellationToken ct) => db.ChangeWithRetry(async () =>
    {
        var now = clock.GetUtcNow();
        var transfer = await db.Transfers.Include(t => t.Meter).FirstAsync(t => t.Id == ticket.TransferId, ct);
        if (transfer.IsCovered(now)) return Grant(db, transfer.Id, piece, counted: null, continues: false, now);

        var leases = await db.Leases.AsNoTracking().Where(l => l.TransferId == transfer.Id).OrderBy(l => l.Id).ToListAsync(ct);
        if (piece.IsPartial && transfer.Continuable(leases, now).Any(c => c.Allows(piece.From, piece.To, now)))
            return Grant(db, transfer.Id, piece, counted: null, continues: true, now);

        transfer.RequireViewLeft();
        var counted = CountedBytes.FromBytes(ticket.Transfer.Key!.CountedBytes);
        RequirePieceLeft(transfer, leases, piece, counted, now);
        var account = Grant(db, transfer.Id, piece, counted, continues: false, now);
        account.Meter.ExpectViewAt(account.CountTowardsView(transfer, new StreamPart(piece.From, piece.From, 0), now));
        return account;
    }, ct);

    /// <summary>
    /// The set of uncovered bytes is exact, so it must stay small enough to be stored with each request. A request for the whole archive
    /// always begins at the same byte and adds no piece, so it is always possible.
    /// </summary>
    private static void RequirePieceLeft(
        Transfer transfer, List<StreamLease> leases, StreamPiece piece, CountedBytes counted, DateTimeOffset now)
    {
        var first = counted.Before(piece.From);
        if (!piece.IsPartial || first == counted.Before(piece.To)) return;
        var uncovered = transfer.Meter!.Uncovered();
        var others = leases.Count(l =>
            l.ExpiresAt > now && !l.Continues && l.RequestedAt is not null && !transfer.IsCovered(l.RequestedAt));
        if (uncovered.Joins(first) || uncovered.Intervals.Count + others < transfer.MaxPieces) return;
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "too_many_pieces",
            $"More than {transfer.MaxPieces} separate pieces of this study were downloaded without a view. "
            + "Download it whole, or in larger adjacent ranges.");
    }

    private static StreamAccount Grant(
        StudiesDb db, string transferId, StreamPiece piece, CountedBytes? counted, bool continues, DateTimeOffset now)
    {
        var lease = new StreamLease(transferId, piece.From, piece.To, piece.Bytes, now, continues);
        db.Leases.Add(lease);
        return new StreamAccount(lease.Id, transferId, piece, now, counted);
    }
}
