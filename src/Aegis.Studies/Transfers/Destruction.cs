namespace Aegis.Studies.Transfers;

/// <summary>How far the destruction of a transfer has come. Each time is set when its step is done and verified, never before.</summary>
internal sealed class Destruction
{
    public Destruction(DestructionReason reason, Initiator by, string keyId, DateTimeOffset beganAt)
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

    /// <summary>When the sealed key left its row; from here on nothing can be opened.</summary>
    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>When the database file held no copy of the key any more.</summary>
    public DateTimeOffset? KeyErasedAt { get; private set; }

    /// <summary>When the sealed bytes were seen to be gone.</summary>
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
