using Aegis.Kernel.Web.Validation;

namespace Aegis.Audit.Proofs;

/// <summary>Everything needed to check without Aegis that an entry is in the log (RFC 6962). Bytes are in base64.</summary>
/// <param name="Id">Id of the entry.</param>
/// <param name="LeafIndex">Its index in the log, from 0.</param>
/// <param name="Entry">The entry's stored JSON, byte for byte; null for actions of the other party.</param>
/// <param name="Salt">32 bytes; null for actions of the other party.</param>
/// <param name="Commitment">SHA-256(salt ‖ entry).</param>
/// <param name="TreeSize">Size of the tree that the checkpoint covers.</param>
/// <param name="Path">The sibling hashes on the path from the leaf up to the root.</param>
/// <param name="Consistency">If <c>since</c> was given: the hashes that prove that this tree extends the tree of that size.</param>
/// <param name="Checkpoint">The signed note with the root.</param>
internal sealed record AuditProof(
    string Id, long LeafIndex, string? Entry, string? Salt, string Commitment, long TreeSize, IReadOnlyList<string> Path,
    IReadOnlyList<string>? Consistency,
    string Checkpoint);

/// <summary>Proofs for single entries.</summary>
[Tags("Audit")]
[ApiController]
[Route("v1/audit/{id}/proof")]
internal sealed class ProofController(AuditDb db, Caller caller, CatchUp catchUp, PublishedCheckpoint published, TileReader tiles)
    : ControllerBase
{
    /// <summary>Proves that an entry is in the log: entry, salt, path and checkpoint.</summary>
    /// <remarks>
    /// leaf = SHA-256(0x00 ‖ 8-byte big-endian leafIndex ‖ SHA-256(salt ‖ entry)). For an action of the other party, entry and salt are
    /// omitted: the proof fixes what that party can disclose later, but reveals nothing now. If no checkpoint covers the entry yet, the
    /// call waits up to two seconds.
    /// </remarks>
    /// <param name="id">log_….</param>
    /// <param name="since">Size of a checkpoint that the caller has kept. The answer then proves that nothing before it changed.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <response code="200">The proof.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">not_found</response>
    /// <response code="503">proof_pending</response>
    [HttpGet]
    [RequireScope(Scopes.AuditRead)]
    public async Task<AuditProof> Get(string id, [FromQuery] long? since, CancellationToken ct)
    {
        if (since < 0) throw InvalidSince();
        (LogEntry Entry, string Note, long Size)? found = null;
        await catchUp.Until(
            async () =>
            {
                if (await Find(id, ct) is not { } entry || await published.Find(ct) is not { } signed || entry.Sequence >= signed.Size)
                    return false;
                found = (entry, signed.Note, signed.Size);
                return true;
            },
            ct);
        return found is { } proved
            ? await Prove(proved.Entry, proved.Note, proved.Size, since, ct)
            : throw Refuse.Unavailable("proof_pending", "The entry is stored, but no checkpoint covers it yet. Try again in a second.");
    }

    /// <summary>The caller's entry; null while it waits to be sequenced. Other entries are refused.</summary>
    private async Task<LogEntry?> Find(string id, CancellationToken ct)
    {
        var waiting = await db.Pending.AsNoTracking().Where(p => p.Id == id).Select(p => p.Body).FirstOrDefaultAsync(ct);
        if (waiting is not null && await IsOwn(AuditFact.FromBytes(waiting), ct)) return null;

        var entry = await db.Entries.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, ct);
        var isOwn = entry is not null
            && await db.Owners.AnyAsync(o => o.OrganizationId == caller.OrganizationId && o.Sequence == entry.Sequence, ct);
        return isOwn && await IsOwn(AuditFact.FromBytes(entry!.Body), ct) ? entry : throw Refuse.NotFound("audit entry");
    }

    private async Task<bool> IsOwn(AuditFact fact, CancellationToken ct) =>
        fact.Organizations.Contains(caller.OrganizationId) && (await new[] { fact }.VisibleTo(caller, db, ct)).Count > 0;

    private async Task<AuditProof> Prove(LogEntry entry, string note, long size, long? since, CancellationToken ct)
    {
        if (since > size) throw InvalidSince();
        var seesAll = EntryOwner.SeesAll(AuditFact.FromBytes(entry.Body), caller.OrganizationId);
        var path = await tiles.Hashes(ProofPaths.Inclusion(entry.Sequence, size), ct);
        var consistency = since is { } kept ? await tiles.Hashes(ProofPaths.Consistency(kept, size), ct) : null;
        return new AuditProof(
            entry.Id, entry.Sequence, seesAll ? Convert.ToBase64String(entry.Body) : null,
            seesAll ? Convert.ToBase64String(entry.Salt) : null,
            Convert.ToBase64String(Hashing.Commitment(entry.Salt, entry.Body)), size, path.ConvertAll(Convert.ToBase64String),
            consistency?.ConvertAll(Convert.ToBase64String), note);
    }

    private static RefusedException InvalidSince() =>
        Invalid.Field("since", "since must be the size of a checkpoint of this log: at least 0, and not larger than the newest one.");
}
