using Aegis.Contracts.Studies;
using Aegis.Kernel.Json;
using Aegis.Kernel.Identifiers;

namespace Aegis.Studies.Transfers;

/// <summary>Receipt, comparison of meters, and disputes.</summary>
internal sealed partial class Transfer
{
    /// <summary>
    /// Raw egress may be three times the study for each view before it is a dispute: resumed and repeated downloads are normal.
    /// </summary>
    public const int EgressAllowance = 3;

    private readonly List<Dispute> disputes = [];

    public Receipt? Receipt { get; private set; }

    public bool Disputed { get; private set; }

    public IReadOnlyList<Dispute> Disputes => disputes;

    /// <summary>When the meters are compared for the last time; null once they were.</summary>
    public DateTimeOffset? ReviewDueAt { get; private set; }

    public DateTimeOffset? EgressContestedAt { get; private set; }

    public DateTimeOffset? ConsumerAgreedAt { get; private set; }

    public DateTimeOffset? ProviderAgreedAt { get; private set; }

    /// <summary>Takes the consumer's receipt. False when the same receipt was given before.</summary>
    /// <param name="instances">Number of instances received.</param>
    /// <param name="bytes">Bytes received.</param>
    /// <param name="sha256">SHA-256 of the archive received.</param>
    /// <param name="servedAtMost">The most bytes of the archive that can have been served by now.</param>
    /// <param name="now">When.</param>
    public bool Acknowledge(int instances, long bytes, string sha256, long servedAtMost, DateTimeOffset now)
    {
        if (Receipt is not null)
        {
            return Receipt.Says(instances, bytes, sha256)
                ? false
                : throw Refuse.Conflict("already_acknowledged",
                    "Another receipt was given for this transfer. A receipt cannot be changed; raise a dispute instead.");
        }

        var auditEntry = Ids.New("log", now);
        Receipt = new Receipt(instances, bytes, sha256, now, auditEntry);
        Raise(new TransferAcknowledged(Id, RequestId, ConsumerId, ProviderId, Parties), auditEntry);
        if (!Receipt.Matches(Study))
            Contest(DisputeGround.ReceiptDiffers, Initiator.Meter, now);
        else if (bytes > servedAtMost)
            Contest(DisputeGround.ReceiptExceedsServed, Initiator.Meter, now);
        return true;
    }

    /// <summary>Records that a party disputes the transfer.</summary>
    public void Dispute(Initiator by, DateTimeOffset now)
    {
        if (Disputed)
            throw Refuse.Conflict("already_disputed",
                "This transfer is disputed already. It is resolved when both parties agree, or by the platform.");

        Contest(DisputeGround.RaisedByParty, by, now);
    }

    /// <summary>Settles the dispute for one party, or at once for the platform. True when it is resolved.</summary>
    public bool Resolve(Initiator by, DateTimeOffset now)
    {
        if (!Disputed) throw Refuse.Conflict("not_disputed", "This transfer is not disputed, so there is nothing to resolve.");

        if (by is Initiator.Consumer) ConsumerAgreedAt ??= now;
        if (by is Initiator.Provider) ProviderAgreedAt ??= now;
        if (by is not Initiator.Platform && (ConsumerAgreedAt is null || ProviderAgreedAt is null)) return false;

        disputes.ForEach(d => d.Resolve(now));
        Disputed = false;
        var word = by is Initiator.Platform ? by.SnakeName() : "both";
        Raise(new TransferDisputeResolved(Id, RequestId, ConsumerId, ProviderId, word, Parties));
        return true;
    }

    /// <summary>Disputes once for egress that repeated downloads do not explain. True when it does.</summary>
    public bool CheckEgress(long egress, DateTimeOffset now)
    {
        var allowed = (decimal)EgressAllowance * Study.SizeBytes * Math.Max(1, Views);
        if (EgressContestedAt is not null || egress <= allowed) return false;

        EgressContestedAt = now;
        Contest(DisputeGround.ExcessEgress, Initiator.Meter, now);
        return true;
    }

    /// <summary>Compares the meters for the last time, after the window and its grace.</summary>
    /// <param name="servedWhole">True when every byte of every instance was served.</param>
    /// <param name="served">True when any byte was.</param>
    /// <param name="now">When.</param>
    public void Review(bool servedWhole, bool served, DateTimeOffset now)
    {
        if (ReviewDueAt is null || now < ReviewDueAt) throw new InvalidOperationException("The review is done already or not due yet.");

        ReviewDueAt = null;
        if (OpenedAt is null) return;

        var destroyedByConsumer = Destruction is { By: Initiator.Consumer };
        if (served && !servedWhole)
            Contest(DisputeGround.ServedInPart, Initiator.Meter, now);
        else if (Receipt is null && !(servedWhole && destroyedByConsumer))
            Contest(DisputeGround.NotAcknowledged, Initiator.Meter, now);
    }

    // A new ground makes earlier agreement void: it was given to other facts.
    private void Contest(DisputeGround ground, Initiator by, DateTimeOffset now)
    {
        disputes.Add(new Dispute(disputes.Count + 1, ground, by, now));
        Disputed = true;
        (ConsumerAgreedAt, ProviderAgreedAt) = (null, null);
        Raise(new TransferDisputed(Id, RequestId, ConsumerId, ProviderId, ground.SnakeName(), Parties));
    }
}
