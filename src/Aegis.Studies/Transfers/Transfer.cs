using Aegis.Contracts.Studies;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Json;

namespace Aegis.Studies.Transfers;

internal enum TransferStatus { Ready, Open, Suspended, Destroying, Destroyed }

/// <summary>One study that a provider delivered to a consumer, from its window to its destruction.</summary>
internal sealed class Transfer : Entity
{
    /// <summary>
    /// A view covers all that is requested in the following hour, and the continuation of a download that broke off as long.
    /// </summary>
    public static readonly TimeSpan ViewCoverage = TimeSpan.FromMinutes(60);

    /// <summary>How long after a view it may cover what continues a download.</summary>
    public static readonly TimeSpan MaxCoverage = TimeSpan.FromHours(12);

    /// <summary>How many pieces more than its frames may be fetched of a study before they are too many.</summary>
    public const int SparePieces = 16_384;

    private Transfer(string id, string requestId, string consumerId, string providerId)
        : base(id)
    {
        RequestId = requestId;
        ConsumerId = consumerId;
        ProviderId = providerId;
    }

    public string RequestId { get; private set; } = "";

    public string ConsumerId { get; private set; } = "";

    public string ProviderId { get; private set; } = "";

    public TransferStatus Status { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset WindowStart { get; private set; }

    public DateTimeOffset WindowEnd { get; private set; }

    public Window Window => new(WindowStart, WindowEnd);

    public StoredStudy Study { get; private set; } = null!;

    /// <summary>Loaded only by those who open or destroy; null otherwise and once destroyed.</summary>
    public StudyKey? Key { get; private set; }

    /// <summary>Id of the file key, for the certificate.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>Loaded only by those who count.</summary>
    public Meter? Meter { get; private set; }

    public int? MaxViews { get; private set; }

    public int Views { get; private set; }

    /// <summary>How often it was opened; it also makes simultaneous opens notice each other.</summary>
    public int Opens { get; private set; }

    public DateTimeOffset? OpenedAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    /// <summary>Whatever was requested before this time belongs to the last view.</summary>
    public DateTimeOffset? ViewCoveredUntil { get; private set; }

    /// <summary>What may be continued under the last view although the hour is over; null when nothing broke off.</summary>
    public Continuation? Continuation { get; private set; }

    /// <summary>How many counted bytes make a view (<see cref="ViewRule"/>); null for a study of 0.1.0 that was not read yet.</summary>
    public long? ViewThreshold { get; private set; }

    /// <summary>Frames of all instances with pixel data; null as the threshold.</summary>
    public long? Frames { get; private set; }

    /// <summary>How many separate pieces of the study may be fetched outside of views.</summary>
    public long MaxPieces => SparePieces + (Frames ?? 0);

    public DateTimeOffset? SuspendedAt { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    /// <summary>Puts an ingested study into the consumer's inbox; the window starts now.</summary>
    /// <param name="requestId">The request it answers.</param>
    /// <param name="consumerId">Who may open it.</param>
    /// <param name="providerId">Who delivered it.</param>
    /// <param name="ingested">What was taken in; its key is sealed for the new transfer.</param>
    /// <param name="window">How long it may be opened, 1 hour to 30 days.</param>
    /// <param name="maxViews">How often it may be viewed, or null.</param>
    /// <param name="now">Start of the window.</param>
    public static Transfer Deliver(
        string requestId, string consumerId, string providerId, IngestedStudy ingested, TimeSpan window, int? maxViews, DateTimeOffset now)
    {
        var (start, end) = Window.Begin(now, window);
        var transfer = new Transfer(ingested.TransferId, requestId, consumerId, providerId)
        {
            Status = TransferStatus.Ready,
            CreatedAt = now,
            WindowStart = start,
            WindowEnd = end,
            ReviewDueAt = end + Window.Grace,
            Study = ingested.Study,
            Key = ingested.Key,
            ViewThreshold = ingested.ViewRule.Threshold,
            Frames = ingested.ViewRule.Frames,
            KeyId = Ids.New("fky", now),
            Meter = new Meter(ingested.TransferId),
            MaxViews = maxViews,
        };
        transfer.Raise(new TransferReady(ingested.TransferId, requestId, consumerId, providerId, transfer.Parties));
        return transfer;
    }

    /// <summary>True once the study cannot be opened any more, also when no sweep has noticed the end of the window yet.</summary>
    public bool HasEnded(DateTimeOffset now) => Destruction is not null || Window.HasEnded(now);

    /// <summary>Whether the last view covers what was requested at that time, whatever it is.</summary>
    public bool IsCovered(DateTimeOffset? requestedAt) => requestedAt < ViewCoveredUntil;

    /// <summary>The downloads that may be continued now although the hour of the last view is over.</summary>
    /// <param name="leases">Of the transfer's streams: those that run, and those that a dead host left.</param>
    /// <param name="now">When.</param>
    public IEnumerable<Continuation> Continuable(IEnumerable<StreamLease> leases, DateTimeOffset now)
    {
        if (!(now < ViewCoveredUntil + (MaxCoverage - ViewCoverage))) return [];
        var running = leases.Where(l => l.Continues || IsCovered(l.RequestedAt)).Select(l => l.ToContinuation());
        return (Continuation is null ? running : running.Append(Continuation)).Where(c => c.IsOpen(now));
    }

    /// <summary>Refuses what would be another view when all were used.</summary>
    public void RequireViewLeft()
    {
        if (Views >= MaxViews)
        {
            throw Refuse.Conflict(
                "views_exhausted", $"This study could be viewed {MaxViews} times and was. Ask the provider for a new transfer.");
        }
    }

    /// <summary>Takes over when its study has been viewed: for a transfer of release 0.1.0, which did not store it.</summary>
    public void Adopt(ViewRule rule)
    {
        if (Key is null) throw new InvalidOperationException("Load the key with the transfer: it holds where the counted bytes lie.");
        if (ViewThreshold is not null) return;

        (ViewThreshold, Frames) = (rule.Threshold, rule.Frames);
        Key.Place(rule.Counted);
    }

    /// <summary>Lets the consumer fetch the study for a while.</summary>
    /// <param name="leases">Of the transfer's streams.</param>
    /// <param name="now">When.</param>
    public void Open(IReadOnlyCollection<StreamLease> leases, DateTimeOffset now)
    {
        if (HasEnded(now)) throw Ended();
        if (Status is TransferStatus.Suspended) throw Suspended();
        if (!IsCovered(now) && !Continuable(leases, now).Any())
            RequireViewLeft();

        Status = TransferStatus.Open;
        OpenedAt ??= now;
        Opens++;
        Raise(new TransferOpened(Id, RequestId, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Counts that half of a picture went out. False when a view covers what was requested at that time.</summary>
    public bool View(DateTimeOffset requestedAt, DateTimeOffset now)
    {
        if (IsCovered(requestedAt)) return false;

        Views++;
        ViewCoveredUntil = now + ViewCoverage;
        Continuation = null;
        Raise(new TransferViewed(Id, RequestId, ConsumerId, ProviderId, Views, Parties));
        if (Views > 1) return true;

        DeliveredAt = now;
        Raise(new TransferDelivered(Id, RequestId, ConsumerId, ProviderId, Parties));
        return true;
    }

    /// <summary>A download that the last view covers broke off: it may be continued for a while.</summary>
    public void BreakOff(long from, long reach, long to, DateTimeOffset now)
    {
        var broken = new Continuation(from, reach, to, now + ViewCoverage);
        Continuation = Continuation?.IsOpen(now) is true ? Continuation.With(broken) : broken;
    }

    /// <summary>Stops all opening while the partnership does not stand. False when there is nothing to stop.</summary>
    public bool Suspend(DateTimeOffset now)
    {
        if (Status is not (TransferStatus.Ready or TransferStatus.Open)) return false;

        Status = TransferStatus.Suspended;
        SuspendedAt = now;
        Raise(new TransferSuspended(Id, RequestId, ConsumerId, ProviderId, Parties));
        return true;
    }

    /// <summary>Allows opening again; the window went on meanwhile. False when it is not suspended.</summary>
    public bool Resume()
    {
        if (Status is not TransferStatus.Suspended) return false;

        Status = OpenedAt is null ? TransferStatus.Ready : TransferStatus.Open;
        SuspendedAt = null;
        Raise(new TransferResumed(Id, RequestId, ConsumerId, ProviderId, Parties));
        return true;
    }

    /// <summary>The refusal of everything that needs the study once it is gone.</summary>
    public RefusedException Ended() =>
        Refuse.Gone("transfer_destroyed",
            "This study was destroyed when its window ended or a party asked for it. The certificate says when and how.")
            .With("destroyedAt", (Destruction?.CompletedAt ?? Destruction?.BeganAt)?.UtcDateTime);

    public static RefusedException Suspended() =>
        Refuse.Forbidden("transfer_suspended",
            "The partnership is suspended or its agreements lapsed. The study can be opened again when it is resumed; its window goes on.");

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
