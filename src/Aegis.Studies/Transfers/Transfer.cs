using Aegis.Contracts.Studies;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Json;

namespace Aegis.Studies.Transfers;

internal enum TransferStatus { Ready, Open, Suspended, Destroying, Destroyed }

/// <summary>One study that a provider delivered to a consumer, from its window to its destruction.</summary>
/// <remarks>
/// How a transfer lives: an upload creates it with <see cref="Deliver"/>. <see cref="OpenTransfer"/> opens it for the consumer and issues a
/// <see cref="ContentTicket"/>; downloads count views. <see cref="TransferAnswers"/> changes it for the other calls of
/// <see cref="TransfersController"/>: receipts and disputes. A suspended partnership suspends it, and the end of its window or a party
/// destroys it. <see cref="Destruction"/> records each step of that. Every state change is refused or complete. Changes that conflict
/// are decided again (<see cref="TransferQueries.ChangeWithRetry{T}"/>).
/// </remarks>
internal sealed class Transfer : Entity
{
    /// <summary>
    /// A view covers everything that is requested in the following hour. An interrupted download may be continued for the same time.
    /// </summary>
    public static readonly TimeSpan ViewCoverage = TimeSpan.FromMinutes(60);

    /// <summary>How long after a view it can still cover the continuation of a download.</summary>
    public static readonly TimeSpan MaxCoverage = TimeSpan.FromHours(12);

    /// <summary>The number of separate pieces of a study that may be downloaded without a view, in addition to its frames.</summary>
    public const int SparePieces = 16_384;

    /// <summary>
    /// The egress for each view may be three times the size of the study before it is disputed. Resumed and repeated downloads are normal.
    /// </summary>
    public const int EgressAllowance = 3;

    private readonly List<Dispute> disputes = [];

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

    /// <summary>Loaded only to open, serve or destroy; otherwise null. Null once destroyed.</summary>
    public StudyKey? Key { get; private set; }

    /// <summary>Id of the file key, for the certificate.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>Loaded only to count or show the meters; otherwise null.</summary>
    public Meter? Meter { get; private set; }

    public int? MaxViews { get; private set; }

    public int Views { get; private set; }

    /// <summary>The number of opens. Counting them also makes simultaneous opens conflict.</summary>
    public int Opens { get; private set; }

    public DateTimeOffset? OpenedAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    /// <summary>Everything that was requested before this time belongs to the last view.</summary>
    public DateTimeOffset? ViewCoveredUntil { get; private set; }

    /// <summary>The download that may be continued under the last view after its hour; null when none was interrupted.</summary>
    public Continuation? Continuation { get; private set; }

    /// <summary>The counted bytes that make a view (<see cref="ViewRule"/>); null for a study of 0.1.0 that was not read yet.</summary>
    public long? ViewThreshold { get; private set; }

    /// <summary>Frames of all instances with pixel data; null when the threshold is null.</summary>
    public long? Frames { get; private set; }

    /// <summary>The number of separate pieces of the study that may be downloaded without a view.</summary>
    public long MaxPieces => SparePieces + (Frames ?? 0);

    public DateTimeOffset? SuspendedAt { get; private set; }

    public Receipt? Receipt { get; private set; }

    public bool Disputed { get; private set; }

    public IReadOnlyList<Dispute> Disputes => disputes;

    /// <summary>When the meters are compared for the last time; null after that.</summary>
    public DateTimeOffset? ReviewDueAt { get; private set; }

    public DateTimeOffset? EgressContestedAt { get; private set; }

    public DateTimeOffset? ConsumerAgreedAt { get; private set; }

    public DateTimeOffset? ProviderAgreedAt { get; private set; }

    public DestructionRecord? Destruction { get; private set; }

    /// <summary>When a host may continue the unfinished destruction. A host claims it by moving this time ahead.</summary>
    public DateTimeOffset? DestructionDueAt { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    /// <summary>Puts an ingested study into the consumer's inbox. The window starts now.</summary>
    /// <param name="requestId">The request that it answers.</param>
    /// <param name="consumerId">The organization that may open it.</param>
    /// <param name="providerId">The organization that delivered it.</param>
    /// <param name="ingested">The stored study. Its key is sealed for the new transfer.</param>
    /// <param name="window">How long it may be opened, 1 hour to 30 days.</param>
    /// <param name="maxViews">Maximum number of views, or null for no limit.</param>
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

    /// <summary>True once the study can no longer be opened, also when no sweep has ended the transfer yet.</summary>
    public bool HasEnded(DateTimeOffset now) => Destruction is not null || Window.HasEnded(now);

    /// <summary>The refusal of calls that need the study after its end.</summary>
    public RefusedException Ended() =>
        Refuse.Gone("transfer_destroyed",
            "This study was destroyed, at the end of its window or by a party. See the certificate for when and how.")
            .With("destroyedAt", (Destruction?.CompletedAt ?? Destruction?.BeganAt)?.UtcDateTime);

    public static RefusedException Suspended() =>
        Refuse.Forbidden("transfer_suspended",
            "The partnership is suspended or its agreements lapsed. Open the study when it is active again; the window keeps running.");

    /// <summary>Stores the view rule of a transfer of release 0.1.0, which did not store one.</summary>
    public void Adopt(ViewRule rule)
    {
        if (Key is null) throw new InvalidOperationException("Load the key with the transfer: its row stores the counted bytes.");
        if (ViewThreshold is not null) return;

        (ViewThreshold, Frames) = (rule.Threshold, rule.Frames);
        Key.SetCounted(rule.Counted);
    }

    /// <summary>Lets the consumer download the study.</summary>
    /// <param name="leases">The leases of the transfer's streams.</param>
    /// <param name="now">The current time.</param>
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

    /// <summary>Whether the last view covers every request of that time.</summary>
    public bool IsCovered(DateTimeOffset? requestedAt) => requestedAt < ViewCoveredUntil;

    /// <summary>The downloads that may be continued now, after the hour of the last view.</summary>
    /// <param name="leases">The leases of running streams, and those that a dead host left.</param>
    /// <param name="now">The current time.</param>
    public IEnumerable<Continuation> Continuable(IEnumerable<StreamLease> leases, DateTimeOffset now)
    {
        if (!(now < ViewCoveredUntil + (MaxCoverage - ViewCoverage))) return [];
        var running = leases.Where(l => l.Continues || IsCovered(l.RequestedAt)).Select(l => l.ToContinuation());
        return (Continuation is null ? running : running.Append(Continuation)).Where(c => c.IsOpen(now));
    }

    /// <summary>Refuses another view when all views are used.</summary>
    public void RequireViewLeft()
    {
        if (Views >= MaxViews)
        {
            throw Refuse.Conflict(
                "views_exhausted", $"All views of this study are used (maximum {MaxViews}). Ask the provider for a new transfer.");
        }
    }

    /// <summary>Counts a view, after half of a picture was sent. False when a view already covers requests of that time.</summary>
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

    /// <summary>Records that a download under the last view was interrupted, so that it may be continued.</summary>
    public void BreakOff(long from, long reach, long to, DateTimeOffset now)
    {
        var interrupted = new Continuation(from, reach, to, now + ViewCoverage);
        Continuation = Continuation?.IsOpen(now) is true ? Continuation.With(interrupted) : interrupted;
    }

    /// <summary>Forbids opening while the partnership is not active. False when the state does not allow suspension.</summary>
    public bool Suspend(DateTimeOffset now)
    {
        if (Status is not (TransferStatus.Ready or TransferStatus.Open)) return false;

        Status = TransferStatus.Suspended;
        SuspendedAt = now;
        Raise(new TransferSuspended(Id, RequestId, ConsumerId, ProviderId, Parties));
        return true;
    }

    /// <summary>Allows opening again. The window was not extended. False when it is not suspended.</summary>
    public bool Resume()
    {
        if (Status is not TransferStatus.Suspended) return false;

        Status = OpenedAt is null ? TransferStatus.Ready : TransferStatus.Open;
        SuspendedAt = null;
        Raise(new TransferResumed(Id, RequestId, ConsumerId, ProviderId, Parties));
        return true;
    }

    /// <summary>Stores the consumer's receipt. False when the same receipt was given before.</summary>
    /// <param name="instances">Number of instances received.</param>
    /// <param name="bytes">Bytes received.</param>
    /// <param name="sha256">SHA-256 of the archive received.</param>
    /// <param name="servedAtMost">Upper bound of the bytes of the archive that were served so far.</param>
    /// <param name="now">The current time.</param>
    public bool Acknowledge(int instances, long bytes, string sha256, long servedAtMost, DateTimeOffset now)
    {
        if (Receipt is not null)
        {
            return Receipt.IsSame(instances, bytes, sha256)
                ? false
                : throw Refuse.Conflict("already_acknowledged",
                    "A different receipt was already given for this transfer. A receipt cannot be changed; raise a dispute instead.");
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
                "This transfer is already disputed. It is resolved when both parties agree, or by the platform.");

        Contest(DisputeGround.RaisedByParty, by, now);
    }

    /// <summary>Records that a party agrees, or resolves the dispute at once for the platform. True when it is resolved.</summary>
    public bool Resolve(Initiator by, DateTimeOffset now)
    {
        if (!Disputed) throw Refuse.Conflict("not_disputed", "This transfer is not disputed, so there is nothing to resolve.");

        if (by is Initiator.Consumer) ConsumerAgreedAt ??= now;
        if (by is Initiator.Provider) ProviderAgreedAt ??= now;
        if (by is not Initiator.Platform && (ConsumerAgreedAt is null || ProviderAgreedAt is null)) return false;

        disputes.ForEach(d => d.Resolve(now));
        Disputed = false;
        var resolvedBy = by is Initiator.Platform ? by.SnakeName() : "both";
        Raise(new TransferDisputeResolved(Id, RequestId, ConsumerId, ProviderId, resolvedBy, Parties));
        return true;
    }

    /// <summary>Disputes the transfer, once, if the egress is more than repeated downloads explain. True when it does.</summary>
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
    /// <param name="served">True when any byte was served.</param>
    /// <param name="now">The current time.</param>
    public void Review(bool servedWhole, bool served, DateTimeOffset now)
    {
        if (ReviewDueAt is null || now < ReviewDueAt) throw new InvalidOperationException("The review is already done or not due yet.");

        ReviewDueAt = null;
        if (OpenedAt is null) return;

        var destroyedByConsumer = Destruction is { By: Initiator.Consumer };
        if (served && !servedWhole)
            Contest(DisputeGround.ServedInPart, Initiator.Meter, now);
        else if (Receipt is null && !(servedWhole && destroyedByConsumer))
            Contest(DisputeGround.NotAcknowledged, Initiator.Meter, now);
    }

    // A new ground cancels earlier agreements, because the parties agreed on other facts.
    private void Contest(DisputeGround ground, Initiator by, DateTimeOffset now)
    {
        disputes.Add(new Dispute(disputes.Count + 1, ground, by, now));
        Disputed = true;
        (ConsumerAgreedAt, ProviderAgreedAt) = (null, null);
        Raise(new TransferDisputed(Id, RequestId, ConsumerId, ProviderId, ground.SnakeName(), Parties));
    }

    /// <summary>Removes the key and begins the destruction. False when it has already begun.</summary>
    public bool Destroy(DestructionReason reason, Initiator by, DateTimeOffset now)
    {
        if (Destruction is not null) return false;
        if (Key is null) throw new InvalidOperationException("Load the key with the transfer: destroying removes it.");

        Key = null;
        Status = TransferStatus.Destroying;
        Destruction = new DestructionRecord(reason, by, KeyId, now);
        DestructionDueAt = now;
        Raise(new TransferDestroying(Id, RequestId, ConsumerId, ProviderId, reason.SnakeName(), by.SnakeName(), Parties));
        return true;
    }

    /// <summary>Records that no copy of the key is left in the database file.</summary>
    public void EraseKey(DateTimeOffset now) => RequireDestroying().EraseKey(now);

    /// <summary>Records that the bytes are deleted and raises the event of the end.</summary>
    public void CompleteDestruction(DateTimeOffset now)
    {
        var destruction = RequireDestroying();
        var auditEntry = Ids.New("log", now);
        destruction.DeleteBytes(now);
        destruction.Complete(auditEntry, now);
        Status = TransferStatus.Destroyed;
        DestructionDueAt = null;
        Raise(new TransferDestroyed(
            Id, RequestId, ConsumerId, ProviderId, destruction.Reason.SnakeName(), destruction.By.SnakeName(), Parties), auditEntry);
    }

    private DestructionRecord RequireDestroying() => Status is TransferStatus.Destroying
        ? Destruction!
        : throw new InvalidOperationException($"The transfer is {Status.SnakeName()}, not destroying.");
}
