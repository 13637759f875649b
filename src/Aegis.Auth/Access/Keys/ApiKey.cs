namespace Aegis.Auth.Access.Keys;

/// <summary>
/// A long-lived credential of one user. Only a keyed digest of its secret is stored (<see cref="Pepper"/>). A key that was created with
/// another key is its child: it never allows more or lives longer, and it is revoked with it. <see cref="KeysController"/> receives the
/// changes and <see cref="KeyChanges"/> makes them; <see cref="KeyGrants"/> and <see cref="Rights"/> decide what a new key may allow.
/// <see cref="KeyCheck"/> proves a presented key by its <see cref="KeyText"/> and asks <see cref="KeyStates"/> whether it is valid.
/// <see cref="KeyUses"/> and <see cref="WrongSecrets"/> count in memory and store every few seconds, so a crash loses a few seconds.
/// Two concurrent changes of one key fail on its revision, and the second is tried again.
/// </summary>
internal sealed class ApiKey : Entity
{
    private const int MaxChainDepth = 5;

    private ApiKey(string id)
        : base(id)
    {
    }

    /// <summary>The part of the text that finds this row.</summary>
    public string PublicId { get; private set; } = "";

    /// <summary>HMAC-SHA256 of the secret, see <see cref="Pepper"/>.</summary>
    public byte[] Mac { get; private set; } = [];

    public int PepperVersion { get; private set; }

    /// <summary>True for a sandbox key, which works nowhere else.</summary>
    public bool IsTest { get; private set; }

    public string Name { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>Expanded at creation; the user's role caps them on every request.</summary>
    public List<string> Scopes { get; private set; } = [];

    /// <summary>The partner organizations it is narrowed to, or null for all.</summary>
    public List<string>? Partners { get; private set; }

    /// <summary>The key it was created with, or null.</summary>
    public string? ParentId { get; private set; }

    /// <summary>True for a key that a person created, and for its successors by rotation: such keys are stored in pipelines.</summary>
    public bool IsMadeByPerson { get; private set; }

    /// <summary>0 for a key without a parent.</summary>
    public int Depth { get; private set; }

    /// <summary>Increases with each child, so a new child changes its parent's row and conflicts with a revocation of the parent.</summary>
    public int Children { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first moment at which it no longer works, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>The key that replaced it, or null.</summary>
    public string? ReplacedBy { get; private set; }

    /// <summary>When it was first sent in a URL, and so written to logs; or null.</summary>
    public DateTimeOffset? ExposedAt { get; private set; }

    // KeyUses writes these three without changing the revision, because no decision depends on them.
    public DateTimeOffset? LastUsedAt { get; private set; }

    public string? LastUsedFrom { get; private set; }

    public string? LastUsedBy { get; private set; }

    /// <summary>Creates a key from a generated text.</summary>
    /// <param name="text">The generated key.</param>
    /// <param name="mac">The MAC of its secret under the current pepper.</param>
    /// <param name="name">The name that its owner gave it.</param>
    /// <param name="user">The organization and the id of its user.</param>
    /// <param name="grant">What it allows.</param>
    /// <param name="now">Time of creation.</param>
    public static ApiKey Create(
        KeyText text, byte[] mac, string name, (string OrganizationId, string Id) user, KeyGrant grant, DateTimeOffset now)
    {
        var key = Draw(text, mac, name, user, grant, now);
        key.Raise(new KeyCreated(key.Id, name, [key.OrganizationId]));
        return key;
    }

    /// <summary>Creates a key for a person who is logged in.</summary>
    /// <inheritdoc cref="Create" path="/param"/>
    public static ApiKey CreateForPerson(
        KeyText text, byte[] mac, string name, (string OrganizationId, string Id) user, KeyGrant grant, DateTimeOffset now)
    {
        var key = Create(text, mac, name, user, grant, now);
        key.IsMadeByPerson = true;
        return key;
    }

    /// <summary>Creates a child of this key, for the same user.</summary>
    /// <param name="text">The generated key.</param>
    /// <param name="mac">The MAC of its secret under the current pepper.</param>
    /// <param name="name">The name that its owner gave it.</param>
    /// <param name="grant">What it allows. <see cref="KeyGrants"/> has made sure that it is within the rights of this key.</param>
    /// <param name="now">Time of creation.</param>
    public ApiKey CreateChild(KeyText text, byte[] mac, string name, KeyGrant grant, DateTimeOffset now)
    {
        if (Depth >= MaxChainDepth)
            throw Refuse.Conflict("key_chain_too_long",
                $"Keys can be nested at most {MaxChainDepth} levels deep. Create this key with a parent of the key of this call.");

        var child = Create(text, mac, name, (OrganizationId, UserId), grant, now);
        child.ParentId = Id;
        child.Depth = Depth + 1;
        Children++;
        return child;
    }

    /// <summary>
    /// Replaces this key by a new one with the same name, scopes, partners and expiry. This key works until the overlap ends.
    /// </summary>
    public ApiKey Rotate(KeyText text, byte[] mac, TimeSpan overlap, DateTimeOffset now)
    {
        if (RevokedAt is not null || ExpiresAt <= now || ReplacedBy is not null)
            throw Refuse.Conflict("key_not_active", "Only an active key that was not rotated before can be rotated. Create a new key.");

        var successor = Draw(text, mac, Name, (OrganizationId, UserId), new KeyGrant(Scopes, Partners, ExpiresAt), now);
        successor.ParentId = ParentId;
        successor.IsMadeByPerson = IsMadeByPerson;
        successor.Depth = Depth;
        ReplacedBy = successor.Id;
        if (ExpiresAt is null || now + overlap < ExpiresAt) ExpiresAt = now + overlap;
        Raise(new KeyRotated(Id, successor.Id, ExpiresAt.Value, [OrganizationId]));
        if (overlap == TimeSpan.Zero) Revoke("replaced", now);
        return successor;
    }

    /// <summary>Moves this key to the successor of its parent.</summary>
    public void FollowParent(ApiKey successor) => ParentId = successor.Id;

    /// <summary>Revokes the key permanently. Does nothing if it was revoked before.</summary>
    /// <param name="reason"><c>manual</c>, <c>parent_revoked</c>, <c>leak_reported</c>, <c>token_revoked</c> or <c>replaced</c>.</param>
    /// <param name="now">Time of the revocation.</param>
    public void Revoke(string reason, DateTimeOffset now)
    {
        if (RevokedAt is not null) return;
        RevokedAt = now;
        Raise(new KeyRevoked(Id, OrganizationId, [OrganizationId], reason));
    }

    /// <summary>Records that the key was sent in a URL. Its owner is told once.</summary>
    public void Expose(DateTimeOffset now)
    {
        if (ExposedAt is not null) return;
        ExposedAt = now;
        Raise(new KeyExposed(Id, [OrganizationId]));
    }

    private static ApiKey Draw(
        KeyText text, byte[] mac, string name, (string OrganizationId, string Id) user, KeyGrant grant, DateTimeOffset now) =>
        new(Ids.New("key", now))
        {
            PublicId = text.PublicId,
            Mac = mac,
            PepperVersion = Pepper.Version,
            IsTest = text.IsTest,
            Name = name,
            OrganizationId = user.OrganizationId,
            UserId = user.Id,
            Scopes = [.. grant.Scopes],
            Partners = grant.Partners?.ToList(),
            CreatedAt = now,
            ExpiresAt = grant.ExpiresAt,
        };
}

/// <summary>What a key allows: scopes (expanded), partners (null for all) and expiry (null for never).</summary>
internal sealed record KeyGrant(IReadOnlyList<string> Scopes, IReadOnlyList<string>? Partners, DateTimeOffset? ExpiresAt);

internal sealed class ApiKeyMap : IEntityTypeConfiguration<ApiKey>
{
    public const int ListLength = 4000; // the longest bounded text on SQL Server; the whole catalogue takes 1,600 characters

    public void Configure(EntityTypeBuilder<ApiKey> e)
    {
        e.ToTable("api_keys");
        e.Property(x => x.PublicId).HasMaxLength(KeyText.PublicIdLength);
        e.Property(x => x.Mac).HasMaxLength(32);
        e.Property(x => x.Name).HasMaxLength(100);
        e.PrimitiveCollection(x => x.Scopes).HasMaxLength(ListLength);
        e.PrimitiveCollection(x => x.Partners).HasMaxLength(ListLength);
        e.Property(x => x.ReplacedBy).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.LastUsedFrom).HasMaxLength(45); // an IPv6 address with an IPv4 tail
        e.Property(x => x.LastUsedBy).HasMaxLength(KeyUse.MaxAgentLength);
        e.HasIndex(x => x.ParentId);
        e.HasIndex(x => x.PublicId).IsUnique();
        e.HasIndex(x => new { x.OrganizationId, x.Id });
        e.HasIndex(x => new { x.UserId, x.Id });
    }
}
