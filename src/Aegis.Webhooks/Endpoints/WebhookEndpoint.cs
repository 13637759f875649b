using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Pending until a ping is answered, then enabled. The owner, an HTTP 410 or five days of failure disable it.</summary>
internal enum EndpointStatus { Pending, Enabled, Disabled }

/// <summary>
/// An address to which an organization's events are sent. <see cref="WebhooksController"/> and <see cref="EndpointChanges"/> register and
/// change it; every new address must answer a ping first. <see cref="EndpointQueue"/> stores what attempts change: the lease of the sending
/// host and the time of failures. <see cref="WatchJob"/> reads it, warns the owner and disables the endpoint after five days of failure.
/// <see cref="SealAddressesJob"/> seals the addresses of version 0.1.0.
/// </summary>
internal sealed class WebhookEndpoint : Entity
{
    private WebhookEndpoint(string id, string organizationId)
        : base(id)
    {
        OrganizationId = organizationId;
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>The address in plain text, as version 0.1.0 stored it; empty once it is sealed.</summary>
    public string Url { get; private set; } = "";

    /// <summary>
    /// The address, sealed because path and query may contain a token. Null until <see cref="SealAddressesJob"/> has sealed an address of
    /// 0.1.0.
    /// </summary>
    public byte[]? SealedUrl { get; private set; }

    /// <summary>
    /// The user who registered or last changed the endpoint. It receives only events that this user may read. Null for endpoints of version
    /// 0.1.0.
    /// </summary>
    public string? OwnerUserId { get; private set; }

    public string? Description { get; private set; }

    /// <summary>Names and patterns of events, separated by spaces.</summary>
    public string Events { get; private set; } = "";

    public EndpointStatus Status { get; private set; }

    /// <summary>Why it is disabled; null otherwise.</summary>
    public string? DisabledReason { get; private set; }

    public byte[] SealedSecret { get; private set; } = [];

    public int SecretVersion { get; private set; }

    /// <summary>The previous secret. It also signs until <see cref="PreviousUntil"/>.</summary>
    public byte[]? SealedPrevious { get; private set; }

    public int PreviousVersion { get; private set; }

    public DateTimeOffset? PreviousUntil { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public IReadOnlyList<string> Patterns => Events.Split(' ');

    private string[] Owner => [OrganizationId];

    public static SealedFor Secret(string id, int version) => new("webhook_secret", id, version);

    public static SealedFor Address(string id) => new("webhook_url", id);

    public static WebhookEndpoint Create(
        string id, string organizationId, string? ownerUserId, byte[] sealedUrl, string? description, IReadOnlyList<string> events,
        byte[] secret, DateTimeOffset now)
    {
        var endpoint = new WebhookEndpoint(id, organizationId)
        {
            OwnerUserId = ownerUserId,
            SealedUrl = sealedUrl,
            Description = description,
            Events = string.Join(' ', events),
            SealedSecret = secret,
            SecretVersion = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        endpoint.Raise(new WebhookCreated(id, events, endpoint.Owner));
        return endpoint;
    }

    /// <summary>The full address. It is never shown: see <see cref="WebhookAddress.Masked"/>.</summary>
    public Uri AddressOf(SealedBox box) => new(SealedUrl is null ? Url : box.OpenText(SealedUrl, Address(Id)));

    /// <summary>Changes the endpoint. A new address, or enabling after it was disabled, needs another answered ping.</summary>
    /// <param name="ownerUserId">The caller, who may read all of these events.</param>
    /// <param name="movedTo">The new address, sealed; null to keep the present one.</param>
    /// <param name="description">For people.</param>
    /// <param name="events">Names and patterns.</param>
    /// <param name="enabled">False disables the endpoint.</param>
    /// <param name="now">Now.</param>
    /// <returns>True when a ping is needed.</returns>
    public bool Change(
        string? ownerUserId, byte[]? movedTo, string? description, IReadOnlyList<string> events, bool enabled, DateTimeOffset now)
    {
        var wanted = string.Join(' ', events);
        var fields = new List<string>();
        var moves = movedTo is not null;
        if (moves) fields.Add("url");
        if (description != Description) fields.Add("description");
        if (wanted != Events) fields.Add("events");
        if (moves) (Url, SealedUrl) = ("", movedTo);
        (OwnerUserId, Description, Events, UpdatedAt) = (ownerUserId, description, wanted, now);
        if (fields.Count > 0) Raise(new WebhookUpdated(Id, fields, Owner));
        if (!enabled)
        {
            if (Status is not EndpointStatus.Disabled) Disable(WebhookDisabled.Manual, now);
            return false;
        }

        if (Status is EndpointStatus.Pending) return moves;
        if (Status is EndpointStatus.Enabled && !moves) return false;
        (Status, DisabledReason) = (EndpointStatus.Pending, null);
        if (fields.Count == 0) Raise(new WebhookUpdated(Id, ["status"], Owner));
        return true;
    }

    /// <summary>Enables the endpoint after its ping was answered.</summary>
    public void Enable(DateTimeOffset now)
    {
        (Status, DisabledReason, UpdatedAt) = (EndpointStatus.Enabled, null, now);
        Raise(new WebhookEnabled(Id, Owner));
    }

    /// <summary>Disables the endpoint. Its waiting deliveries are kept until it is enabled again.</summary>
    public void Disable(string reason, DateTimeOffset now)
    {
        (Status, DisabledReason, UpdatedAt) = (EndpointStatus.Disabled, reason, now);
        Raise(new WebhookDisabled(Id, reason, Owner));
    }

    /// <summary>Warns the owner that the endpoint fails.</summary>
    public void Warn(int days, string code) => Raise(new WebhookFailing(Id, days, code, Owner));

    /// <summary>Replaces the secret. The replaced one also signs until <paramref name="until"/>; an older one ends now.</summary>
    public void Rotate(byte[] secret, DateTimeOffset? until, DateTimeOffset now)
    {
        (SealedPrevious, PreviousVersion, PreviousUntil) = until is null ? (null, 0, null) : (SealedSecret, SecretVersion, until);
        (SealedSecret, SecretVersion, UpdatedAt) = (secret, SecretVersion + 1, now);
        Raise(new WebhookSecretRotated(Id, until, Owner));
    }

    /// <summary>Ends the overlap of a rotation now. Without an overlap it changes nothing.</summary>
    public void EndPrevious(DateTimeOffset now)
    {
        if (SealedPrevious is null) return;
        (SealedPrevious, PreviousVersion, PreviousUntil, UpdatedAt) = (null, 0, null, now);
        Raise(new WebhookSecretEnded(Id, Owner));
    }

    /// <summary>Records that a test event was requested.</summary>
    public void Test(string deliveryId) => Raise(new WebhookTested(Id, deliveryId, Owner));

    /// <summary>Records that deliveries were requested again.</summary>
    public void Replay(int deliveries) => Raise(new WebhookReplayed(Id, deliveries, Owner));

    /// <summary>Records the removal. The caller deletes the row in the same save.</summary>
    public void Remove() => Raise(new WebhookRemoved(Id, Owner));
}

internal sealed class WebhookEndpointMap : IEntityTypeConfiguration<WebhookEndpoint>
{
    public const int UrlLength = 2000;
    public const int DescriptionLength = 200;
    public const int EventsLength = 4000;
    private const int SealedLength = 400; // a secret of 50 characters
    private const int SealedUrlLength = 7000; // 2,000 characters of at most three bytes, plus the overhead of sealing

    public void Configure(EntityTypeBuilder<WebhookEndpoint> e)
    {
        e.ToTable("endpoints");
        e.Property(x => x.Url).HasMaxLength(UrlLength);
        e.Property(x => x.SealedUrl).HasMaxLength(SealedUrlLength).IsSealed(WebhookEndpoint.Address);
        e.Property(x => x.Description).HasMaxLength(DescriptionLength);
        e.Property(x => x.Events).HasMaxLength(EventsLength);
        e.Property(x => x.DisabledReason).HasMaxLength(40);
        e.Property(x => x.SealedSecret).HasMaxLength(SealedLength)
            .IsSealed(WebhookEndpoint.Secret, nameof(WebhookEndpoint.Id), nameof(WebhookEndpoint.SecretVersion));
        e.Property(x => x.SealedPrevious).HasMaxLength(SealedLength)
            .IsSealed(WebhookEndpoint.Secret, nameof(WebhookEndpoint.Id), nameof(WebhookEndpoint.PreviousVersion));
        e.Ignore(x => x.Patterns);
        e.HasIndex(x => new { x.OrganizationId, x.Id });
    }
}
