namespace Aegis.Webhooks.Deliveries;

/// <summary>Where a delivery is. A ping that waits has a word of its own, so that a pending endpoint is sent nothing else.</summary>
internal enum DeliveryStatus { Waiting, Verifying, Delivered, Failed }

/// <summary>One event on its way to one endpoint. After it is queued it is changed by <c>OutcomeWriter</c>, many at a time.</summary>
internal sealed class Delivery : Entity
{
    /// <summary>Asks a receiver whether it is there; nothing happened.</summary>
    public const string Ping = "webhook.ping";

    /// <summary>Somebody wanted to see an event arrive; nothing happened.</summary>
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

    /// <summary>The event's place among those of the organization; null for pings and tests, which have none.</summary>
    public long? EventSequence { get; private set; }

    public string Type { get; private set; } = "";

    public DeliveryStatus Status { get; private set; }

    /// <summary>Attempts that were made, in all.</summary>
    public int Attempts { get; private set; }

    /// <summary>Attempts of this round: a replay begins the schedule anew.</summary>
    public int Step { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the next attempt is due.</summary>
    public DateTimeOffset DueAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>HTTP status of the last attempt, or null.</summary>
    public int? LastStatus { get; private set; }

    /// <summary>Why the last attempt failed: a stable word; null when it did not.</summary>
    public string? LastError { get; private set; }

    public bool IsPing => Type == Ping;

    public static Delivery Queue(
        string id, string organizationId, string endpointId, string eventId, long eventSequence, string type, DateTimeOffset now) =>
        new(id, organizationId, endpointId) { EventId = eventId, EventSequence = eventSequence, Type = type, CreatedAt = now, DueAt = now };

    /// <summary>One that is made for an endpoint alone: a ping or a test.</summary>
    public static Delivery Try(string type, string organizationId, string endpointId, DateTimeOffset now) =>
        new(Ids.New("dlv", now), organizationId, endpointId)
        {
            EventId = Ids.New("evt", now),
            Type = type,
            CreatedAt = now,
            DueAt = now,
            Status = type == Ping ? DeliveryStatus.Verifying : DeliveryStatus.Waiting,
        };

    /// <summary>Sends it again from the start of the schedule, with the same <c>webhook-id</c>.</summary>
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
        e.HasIndex(x => new { x.EndpointId, x.EventId }).IsUnique(); // an event is queued once
        e.HasIndex(x => new { x.EndpointId, x.Status, x.DueAt }); // what is due
        e.HasIndex(x => new { x.EndpointId, x.Status, x.Id }); // lists
    }
}
