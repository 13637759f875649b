namespace Aegis.Audit.Proofs;

/// <summary>The newest checkpoint, whichever host signed it.</summary>
internal sealed class PublishedCheckpoint(AuditDb db)
{
    /// <summary>The note and the size that it signs; null before the first.</summary>
    public async Task<(string Note, long Size)?> Find(CancellationToken ct)
    {
        var head = await db.Heads.AsNoTracking().Where(h => h.Id == LogHead.OnlyId).Select(h => new { h.Checkpoint, h.CheckpointSize })
            .FirstOrDefaultAsync(ct);
        return head?.Checkpoint is { } note ? (note, head.CheckpointSize) : null;
    }

    public async Task<(string Note, long Size)> Read(CancellationToken ct) => await Find(ct)
        ?? throw Refuse.Unavailable("checkpoint_pending", "The audit log has no checkpoint yet. Ask again in a second.");
}
