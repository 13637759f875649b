using Aegis.Contracts.Studies;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Json;

namespace Aegis.Studies.Transfers;

/// <summary>The way to destruction: first the key, then the bytes, then the certificate is complete.</summary>
internal sealed partial class Transfer
{
    public Destruction? Destruction { get; private set; }

    /// <summary>When a host may take up the unfinished destruction; moved ahead by the one that does.</summary>
    public DateTimeOffset? DestructionDueAt { get; private set; }

    /// <summary>Removes the key. False when that has happened before.</summary>
    public bool Destroy(DestructionReason reason, Initiator by, DateTimeOffset now)
    {
        if (Destruction is not null) return false;
        if (Key is null) throw new InvalidOperationException("Load the key with the transfer: destroying removes it.");

        Key = null;
        Status = TransferStatus.Destroying;
        Destruction = new Destruction(reason, by, KeyId, now);
        DestructionDueAt = now;
        Raise(new TransferDestroying(Id, RequestId, ConsumerId, ProviderId, reason.SnakeName(), by.SnakeName(), Parties));
        return true;
    }

    /// <summary>Records that no copy of the key is left in the database file.</summary>
    public void EraseKey(DateTimeOffset now) => InDestruction().EraseKey(now);

    /// <summary>Records that the bytes are gone and announces the end.</summary>
    public void CompleteDestruction(DateTimeOffset now)
    {
        var destruction = InDestruction();
        var auditEntry = Ids.New("log", now);
        destruction.DeleteBytes(now);
        destruction.Complete(auditEntry, now);
        Status = TransferStatus.Destroyed;
        DestructionDueAt = null;
        Raise(new TransferDestroyed(
            Id, RequestId, ConsumerId, ProviderId, destruction.Reason.SnakeName(), destruction.By.SnakeName(), Parties), auditEntry);
    }

    private Destruction InDestruction() => Status is TransferStatus.Destroying
        ? Destruction!
        : throw new InvalidOperationException($"The transfer is {Status.SnakeName()}, not destroying.");
}
