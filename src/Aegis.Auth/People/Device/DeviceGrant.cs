namespace Aegis.Auth.People.Device;

/// <summary>
/// A program's request to act for a person (RFC 8628): waiting → approved → redeemed, or denied, or expired. Only digests of its two codes
/// are stored. <see cref="DeviceAuthorizationController"/> opens it for the program and returns the codes; <see cref="UserCodes"/> draws
/// the one that the person types. The person decides on a page, through <see cref="DeviceApproval"/>. The program polls the token endpoint
/// until <see cref="DeviceCodeGrant"/> redeems the grant for a login with tokens. <see cref="SweepDeviceGrantsJob"/> deletes old grants.
/// Colliding calls are retried. A program that lost the answer may repeat its call for <see cref="RepeatWithin"/>.
/// </summary>
internal sealed class DeviceGrant : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>After the approval the program has at least this time to fetch its tokens, even if the code would expire earlier.</summary>
    public static readonly TimeSpan FetchWithin = TimeSpan.FromMinutes(1);

    /// <summary>How long a program that lost the answer may repeat the call that fetched its tokens.</summary>
    public static readonly TimeSpan RepeatWithin = TimeSpan.FromSeconds(30);

    public const int FirstInterval = 5; // seconds, RFC 8628 §3.2

    private const int IntervalIncrease = 5; // seconds, RFC 8628 §3.5
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(1);

    private DeviceGrant(string id)
        : base(id)
    {
    }

    public byte[] DeviceCodeHash { get; private set; } = [];

    public byte[] UserCodeHash { get; private set; } = [];

    public string Client { get; private set; } = "";

    /// <summary>The scopes that the program asked for; null for everything that the person may do.</summary>
    public List<string>? Scopes { get; private set; }

    public bool OpenId { get; private set; }

    /// <summary>The address that the program asked from. The person sees it.</summary>
    public string? Address { get; private set; }

    public string? Agent { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first moment at which the codes no longer work.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Seconds that the program must wait between two polls.</summary>
    public int Interval { get; private set; } = FirstInterval;

    public DateTimeOffset? LastPolledAt { get; private set; }

    public string? UserId { get; private set; }

    /// <summary>
    /// The login with which the person approved. If it ends before the program fetches its tokens, the program gets none.
    /// </summary>
    public string? ApprovedWith { get; private set; }

    public DateTimeOffset? DeniedAt { get; private set; }

    /// <summary>The program's login.</summary>
    public string? SessionId { get; private set; }

    public DateTimeOffset? RedeemedAt { get; private set; }

    public AskedScopes Asked => new(Scopes, OpenId);

    public static DeviceGrant Open(
        string client, AskedScopes asked, (byte[] Device, byte[] User) hashes, (string? Address, string? Agent) from, DateTimeOffset now) =>
        new(Ids.New("dvg", now))
        {
            Client = client,
            Scopes = asked.Rights?.ToList(),
            OpenId = asked.OpenId,
            DeviceCodeHash = hashes.Device,
            UserCodeHash = hashes.User,
            Address = from.Address,
            Agent = from.Agent,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };

    /// <summary>Refuses when the request was decided or has expired.</summary>
    public void RequireWaiting(DateTimeOffset now)
    {
        if (UserId is not null || DeniedAt is not null)
            throw Refuse.Conflict("device_code_used",
                "This code has already been used. If you are still waiting, ask the program for a new one.");
        if (now >= ExpiresAt) throw Refuse.Gone("device_code_expired", "This code has expired. Ask the program for a new one.");
    }

    /// <summary>The person lets the program act for them.</summary>
    public void Approve(Caller person, DateTimeOffset now)
    {
        RequireWaiting(now);
        UserId = person.UserId;
        // Stores the scopes that the person saw, so that they do not grow with the person's role.
        if (Scopes is not null || !person.IsWholePerson()) Scopes = [.. RightsFor(person)];
        ApprovedWith = person.SessionId;
        if (ExpiresAt < now + FetchWithin) ExpiresAt = now + FetchWithin;
        Raise(new DeviceApproved(Id, person.UserId!, Client, [person.OrganizationId]));
    }

    /// <summary>The scopes that the program would get from this person, sorted.</summary>
    public IEnumerable<string> RightsFor(Caller person) =>
        (Scopes ?? person.Scopes.AsEnumerable()).Where(s => Rights.Allows(person.Scopes, s)).Order(StringComparer.Ordinal);

    /// <summary>The person denies the request.</summary>
    public void Deny(Caller person, DateTimeOffset now)
    {
        RequireWaiting(now);
        DeniedAt = now;
        Raise(new DeviceDenied(Id, person.UserId!, Client, [person.OrganizationId]));
    }

    /// <summary>The program polls. A decision is answered even if the program polls too often. The caller saves.</summary>
    /// <returns>Why the program gets no tokens, or null when it can redeem.</returns>
    public OAuthException? Poll(DateTimeOffset now)
    {
        if (DeniedAt is not null) return Answer("access_denied", "The person denied the request of this program.");
        if (RedeemedAt is { } redeemed && now >= redeemed + RepeatWithin)
            return OAuthException.InvalidGrant("This device code has already been exchanged for tokens.");
        if (now >= ExpiresAt) return Answer("expired_token", "The code has expired. Ask for a new one.");
        if (UserId is not null) return null;

        var tooSoon = LastPolledAt is { } last && now < last + TimeSpan.FromSeconds(Interval) - Jitter;
        LastPolledAt = now;
        if (!tooSoon) return Answer("authorization_pending", "The person has not decided yet. Poll again.");
        Interval += IntervalIncrease;
        return Answer("slow_down", $"You poll too often. Poll every {Interval} seconds.");
    }

    /// <summary>The program's login has begun.</summary>
    public void Redeem(string sessionId, DateTimeOffset now) => (SessionId, RedeemedAt) = (sessionId, now);

    private static OAuthException Answer(string error, string description) => new(StatusCodes.Status400BadRequest, error, description);
}

internal sealed class DeviceGrantMap : IEntityTypeConfiguration<DeviceGrant>
{
    public const int AgentLength = 200;

    public void Configure(EntityTypeBuilder<DeviceGrant> e)
    {
        e.ToTable("device_grants");
        e.Property(x => x.DeviceCodeHash).HasMaxLength(32);
        e.Property(x => x.UserCodeHash).HasMaxLength(32);
        e.Property(x => x.Client).HasMaxLength(PublicClients.MaxIdLength);
        e.PrimitiveCollection(x => x.Scopes).HasMaxLength(ApiKeyMap.ListLength);
        e.Property(x => x.Address).HasMaxLength(45); // an IPv6 address with an IPv4 tail
        e.Property(x => x.Agent).HasMaxLength(AgentLength);
        e.Property(x => x.ApprovedWith).HasMaxLength(Ids.MaxLength);
        e.Ignore(x => x.Asked);
        e.HasIndex(x => x.DeviceCodeHash).IsUnique();
        e.HasIndex(x => x.UserCodeHash).IsUnique(); // if a drawn code is still in use, another one is drawn
        e.HasIndex(x => x.ExpiresAt);
    }
}
