namespace Aegis.Studies.Transfers;

/// <summary>The progress of a transfer's destruction. Each time is set only after its step is done and verified.</summary>
internal sealed class DestructionRecord
{
    public DestructionRecord(DestructionReason reason, Initiator by, string keyId, DateTimeOffset beganAt)
    {
        Reason = reason;
        By = by;
        KeyId = keyId;
        BeganAt = beganAt;
    }

    public DestructionReason Reason { get; private set; }

    public Initiator By { get; private set; }

    /// <summary>Id of the destroyed key.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>When the sealed key was removed from its row. The study cannot be opened from then on.</summary>
    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>When the database file no longer contained a copy of the key.</summary>
    public DateTimeOffset? KeyErasedAt { get; private set; }

    /// <summary>When the sealed bytes were verified to be deleted.</summary>
    public DateTimeOffset? BytesDeletedAt { get; private set; }

    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>Id of the audit entry of <c>transfer.destroyed</c>.</summary>
    public string? AuditEntry { get; private set; }

    public void EraseKey(DateTimeOffset now) => KeyErasedAt ??= now;

    public void DeleteBytes(DateTimeOffset now) => BytesDeletedAt ??= now;

    public void Complete(string auditEntry, DateTimeOffset now)
    {
        if (KeyErasedAt is null || BytesDeletedAt is null)
            throw new InvalidOperationException("Destruction is complete only when the key is erased and the bytes are deleted.");

        CompletedAt = now;
        AuditEntry = auditEntry;
    }
}
