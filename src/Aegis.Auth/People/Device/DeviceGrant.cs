namespace Aegis.Auth.People.Device;

/// <summary>
/// A program that waits for a person to let it in (RFC 8628): waiting → approved → redeemed, or denied, or expired. Of the two codes only
/// digests are stored.
/// </summary>
internal sealed class DeviceGrant : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long after the approval the program can fetch its tokens, also when the code's own time ends before.</summary>
    public static readonly TimeSpan FetchWithin = TimeSpan.FromMinutes(1);

    /// <summary>How long the call that fetched them may be repeated, for programs that lost the answer.</summary>
    public static readonly TimeSpan RepeatWithin = TimeSpan.FromSeconds(30);

    public const int FirstInterval = 5; // seconds, RFC 8628 §3.2

    private const int Slower = 5; // seconds, RFC 8628 §3.5
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(1);

    private DeviceGrant(string id)
        : base(id)
    {
    }

    public byte[] DeviceCodeHash { get; private set; } = [];

    public byte[] UserCodeHash { get; private set; } = [];

    public string Client { get; private set; } = "";

    /// <summary>What the program asked for; null for all that the person may do.</summary>
    public List<string>? Scopes { get; private set; }

    public bool OpenId { get; private set; }

    /// <summary>From where the program asked: the person is shown it.</summary>
    public string? Address { get; private set; }

    public string? Agent { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>From here on it brings nothing.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Seconds that the program must wait between two questions.</summary>
    public int Interval { get; private set; } = FirstInterval;

    public DateTimeOffset? LastPolledAt { get; private set; }

    public string? UserId { get; private set; }

    /// <summary>The login with which the person approved; when it ends before the program fetched its tokens, there are none.</summary>
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

    /// <summary>Refuses unless a person can decide now.</summary>
    public void RequireWaiting(DateTimeOffset now)
    {
        if (UserId is not null || DeniedAt is not null)
            throw Refuse.Conflict("device_code_used",
                "This code was used already. If you are still waiting, ask the program for a new one.");
        if (now >= ExpiresAt) throw Refuse.Gone("device_code_expired", "This code has expired. Ask the program for a new one.");
    }

    /// <summary>A person lets the program act for them.</summary>
    public void Approve(Caller person, DateTimeOffset now)
    {
        RequireWaiting(now);
        UserId = person.UserId;
        // What the person was shown, also when the role grows.
        if (Scopes is not null || !person.IsWholePerson()) Scopes = [.. RightsFor(person)];
        ApprovedWith = person.SessionId;
        if (ExpiresAt < now + FetchWithin) ExpiresAt = now + FetchWithin;
        Raise(new DeviceApproved(Id, person.UserId!, Client, [person.OrganizationId]));
    }

    /// <summary>What the program would have of this person's rights, sorted.</summary>
    public IEnumerable<string> RightsFor(Caller person) =>
        (Scopes ?? person.Scopes.AsEnumerable()).Where(s => Rights.Allows(person.Scopes, s)).Order(StringComparer.Ordinal);

    /// <summary>A person turns the program away.</summary>
    public void Deny(Caller person, DateTimeOffset now)
    {
        RequireWaiting(now);
        DeniedAt = now;
        Raise(new DeviceDenied(Id, person.UserId!, Client, [person.OrganizationId]));
    }

    /// <summary>The program asks. What was decided goes before how often it asks; whoever calls saves.</summary>
    /// <returns>Why there are no tokens, or null when it can redeem.</returns>
    public OAuthException? Poll(DateTimeOffset now)
    {
        if (DeniedAt is not null) return Waits("access_denied", "The person turned this program away.");
        if (RedeemedAt is { } redeemed && now >= redeemed + RepeatWithin)
            return OAuthException.InvalidGrant("This device code brought its tokens already.");
        if (now >= ExpiresAt) return Waits("expired_token", "The code has expired. Ask for a new one.");
        if (UserId is not null) return null;

        var tooSoon = LastPolledAt is { } last && now < last + TimeSpan.FromSeconds(Interval) - Jitter;
        LastPolledAt = now;
        if (!tooSoon) return Waits("authorization_pending", "The person has not decided yet.");
        Interval += Slower;
        return Waits("slow_down", $"Ask every {Interval} seconds.");
    }

    /// <summary>The program's login has begun.</summary>
    public void Redeem(string sessionId, DateTimeOffset now) => (SessionId, RedeemedAt) = (sessionId, now);

    private static OAuthException Waits(string error, string description) => new(StatusCodes.Status400BadRequest, error, description);
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
        e.HasIndex(x => x.UserCodeHash).IsUnique(); // a code that is drawn again while the old row is there is drawn once more
        e.HasIndex(x => x.ExpiresAt);
    }
}
