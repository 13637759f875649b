using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Pending until a ping was answered, enabled, or disabled by its owner or by what it answered.</summary>
internal enum EndpointStatus { Pending, Enabled, Disabled }

/// <summary>An address that an organization wants its events sent to.</summary>
internal sealed class WebhookEndpoint : Entity
{
    private WebhookEndpoint(string id, string organizationId)
        : base(id)
    {
        OrganizationId = organizationId;
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>The address in clear, as version 0.1.0 stored it; empty once it is sealed.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The address: its path and query may hold a token. Null until an address of version 0.1.0 is sealed.</summary>
    public byte[]? SealedUrl { get; private set; }

    /// <summary>The user who registered it or changed it last: it hears what that user may read. Null for those of version 0.1.0.</summary>
    public string? OwnerUserId { get; private set; }

    public string? Description { get; private set; }

    /// <summary>Names and patterns of events, separated by blanks.</summary>
    public string Events { get; private set; } = "";

    public EndpointStatus Status { get; private set; }

    /// <summary>Why it is disabled, else null.</summary>
    public string? DisabledReason { get; private set; }

    public byte[] SealedSecret { get; private set; } = [];

    public int SecretVersion { get; private set; }

    /// <summary>The secret before; it signs too until <see cref="PreviousUntil"/>.</summary>
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

    /// <summary>The whole address. It is shown nowhere: see <see cref="WebhookAddress.Masked"/>.</summary>
    public Uri AddressOf(SealedBox box) => new(SealedUrl is null ? Url : box.OpenText(SealedUrl, Address(Id)));

    /// <summary>Takes what a caller wants. Another address, or an end of being disabled, has to be proved by a ping again.</summary>
    /// <param name="ownerUserId">The caller, who may hear all of the events.</param>
    /// <param name="movedTo">Another address, sealed; null when it stays.</param>
    /// <param name="description">For people.</param>
    /// <param name="events">Names and patterns.</param>
    /// <param name="enabled">Whether it is to be sent to.</param>
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

    /// <summary>Its ping was answered.</summary>
    public void Enable(DateTimeOffset now)
    {
        (Status, DisabledReason, UpdatedAt) = (EndpointStatus.Enabled, null, now);
        Raise(new WebhookEnabled(Id, Owner));
    }

    /// <summary>Sends nothing more to it; what waits goes on waiting.</summary>
    public void Disable(string reason, DateTimeOffset now)
    {
        (Status, DisabledReason, UpdatedAt) = (EndpointStatus.Disabled, reason, now);
        Raise(new WebhookDisabled(Id, reason, Owner));
    }

    /// <summary>Warns its owner.</summary>
    public void Warn(int days, string code) => Raise(new WebhookFailing(Id, days, code, Owner));

    /// <summary>
    /// Signs with a new secret; with the one that was current too until <paramref name="until"/>. One that was there from an earlier
    /// rotation ends.
    /// </summary>
    public void Rotate(byte[] secret, DateTimeOffset? until, DateTimeOffset now)
    {
        (SealedPrevious, PreviousVersion, PreviousUntil) = until is null ? (null, 0, null) : (SealedSecret, SecretVersion, until);
        (SealedSecret, SecretVersion, UpdatedAt) = (secret, SecretVersion + 1, now);
        Raise(new WebhookSecretRotated(Id, until, Owner));
    }

    /// <summary>Ends the overlap of a rotation now.</summary>
    public void EndPrevious(DateTimeOffset now)
    {
        if (SealedPrevious is null) return;
        (SealedPrevious, PreviousVersion, PreviousUntil, UpdatedAt) = (null, 0, null, now);
        Raise(new WebhookSecretEnded(Id, Owner));
    }

    /// <summary>Notes that somebody asked for a test event.</summary>
    public void Test(string deliveryId) => Raise(new WebhookTested(Id, deliveryId, Owner));

    /// <summary>Notes that somebody asked for deliveries again.</summary>
    public void Replay(int deliveries) => Raise(new WebhookReplayed(Id, deliveries, Owner));

    /// <summary>Announces its end; the caller deletes it in the same save.</summary>
    public void Remove() => Raise(new WebhookRemoved(Id, Owner));
}

internal sealed class WebhookEndpointMap : IEntityTypeConfiguration<WebhookEndpoint>
{
    public const int UrlLength = 2000;
    public const int DescriptionLength = 200;
    public const int EventsLength = 4000;
    private const int SealedLength = 400; // a secret of 50 characters
    private const int SealedUrlLength = 7000; // 2,000 characters of at most three bytes, and what sealing adds

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
