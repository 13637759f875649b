namespace Aegis.Audit.Proofs;

/// <summary>The newest checkpoint in the database, signed by any host.</summary>
internal sealed class PublishedCheckpoint(AuditDb db)
{
    /// <summary>The note and its size; null before the first checkpoint.</summary>
    public async Task<(string Note, long Size)?> Find(CancellationToken ct)
    {
        var head = await db.Heads.AsNoTracking().Where(h => h.Id == LogHead.OnlyId).Select(h => new { h.Checkpoint, h.CheckpointSize })
            .FirstOrDefaultAsync(ct);
        return head?.Checkpoint is { } note ? (note, head.CheckpointSize) : null;
    }

    public async Task<(string Note, long Size)> Read(CancellationToken ct) => await Find(ct)
        ?? throw Refuse.Unavailable("checkpoint_pending", "The audit log has no checkpoint yet. Try again in a second.");
}
