namespace Aegis.Webhooks.Deliveries;

/// <summary>State of a delivery. A waiting ping is <c>Verifying</c>, so a pending endpoint is sent pings only.</summary>
internal enum DeliveryStatus { Waiting, Verifying, Delivered, Failed }

/// <summary>
/// One event to be sent to one endpoint. <see cref="Aegis.Webhooks.Events.Publish"/> queues it, and the classes of Sending send it. After
/// that only <c>OutcomeWriter</c> updates its row, in batches, and adds an <see cref="Attempt"/> each time. <see cref="Replays"/> restarts
/// the schedule of old deliveries, and <see cref="PurgeJob"/> deletes them after the retention time. If a host dies between the answer and
/// the save, the delivery is sent again with the same <c>webhook-id</c>.
/// </summary>
internal sealed class Delivery : Entity
{
    /// <summary>Event name of a ping. It checks that the receiver answers; no real event is behind it.</summary>
    public const string Ping = "webhook.ping";

    /// <summary>Event name of a test delivery, which a person asked for; no real event is behind it.</summary>
    public const string Test = "webhook.test";

    private Delivery(string id, string organizationId, string endpointId)
        : base(id)
    {
        OrganizationId = organizationId;
        EndpointId = endpointId;
    }

    public string OrganizationId { get; private set; } = "";

    public string EndpointId { get; private set; } = "";

    /// <summary>evt_…, the <c>webhook-id</c> of every attempt.</summary>
    public string EventId { get; private set; } = "";

    /// <summary>Sequence number of the event in its organization; null for pings and tests.</summary>
    public long? EventSequence { get; private set; }

    public string Type { get; private set; } = "";

    public DeliveryStatus Status { get; private set; }

    /// <summary>All attempts so far, including those before a replay.</summary>
    public int Attempts { get; private set; }

    /// <summary>Attempts since the schedule started. A replay resets it to 0.</summary>
    public int Step { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the next attempt is due.</summary>
    public DateTimeOffset DueAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>HTTP status of the last attempt, or null.</summary>
    public int? LastStatus { get; private set; }

    /// <summary>Code of the last attempt's failure; null if it succeeded.</summary>
    public string? LastError { get; private set; }

    public bool IsPing => Type == Ping;

    public static Delivery Queue(
        string id, string organizationId, string endpointId, string eventId, long eventSequence, string type, DateTimeOffset now) =>
        new(id, organizationId, endpointId) { EventId = eventId, EventSequence = eventSequence, Type = type, CreatedAt = now, DueAt = now };

    /// <summary>Creates a ping or a test, which only this endpoint gets.</summary>
    public static Delivery ForEndpoint(string type, string organizationId, string endpointId, DateTimeOffset now) =>
        new(Ids.New("dlv", now), organizationId, endpointId)
        {
            EventId = Ids.New("evt", now),
            Type = type,
            CreatedAt = now,
            DueAt = now,
            Status = type == Ping ? DeliveryStatus.Verifying : DeliveryStatus.Waiting,
        };

    /// <summary>Restarts the schedule with the same <c>webhook-id</c>.</summary>
    public void Replay(DateTimeOffset now) =>
        (Status, Step, DueAt, FinishedAt) = (IsPing ? DeliveryStatus.Verifying : DeliveryStatus.Waiting, 0, now, null);
}

internal sealed class DeliveryMap : IEntityTypeConfiguration<Delivery>
{
    public const int ErrorLength = 60;
    public const int TypeLength = 100;

    public void Configure(EntityTypeBuilder<Delivery> e)
    {
        e.ToTable("deliveries");
        e.Property(x => x.Type).HasMaxLength(TypeLength);
        e.Property(x => x.LastError).HasMaxLength(ErrorLength);
        e.HasIndex(x => new { x.EndpointId, x.EventId }).IsUnique(); // an event is queued once for each endpoint
        e.HasIndex(x => new { x.EndpointId, x.Status, x.DueAt }); // finds due deliveries
        e.HasIndex(x => new { x.EndpointId, x.Status, x.Id }); // lists
    }
}
