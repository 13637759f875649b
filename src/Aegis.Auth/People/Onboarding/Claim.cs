namespace Aegis.Auth.People.Onboarding;

/// <summary>The right of one user to fetch a first API key, once and within 72 hours. Only a digest of its word is stored.</summary>
internal sealed class Claim : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    private Claim(string id)
        : base(id)
    {
    }

    /// <summary>What it came from; one claim each.</summary>
    public string ApplicationId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>SHA-256 of the word in the address.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>From here on it no longer works.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RedeemedAt { get; private set; }

    /// <summary>The key that it brought, or null.</summary>
    public string? KeyId { get; private set; }

    public static Claim Issue(
        string id, string applicationId, (string OrganizationId, string Id) user, byte[] tokenHash, DateTimeOffset now)
    {
        var claim = new Claim(id) { ApplicationId = applicationId, OrganizationId = user.OrganizationId, UserId = user.Id };
        claim.Renew(tokenHash, now);
        return claim;
    }

    /// <summary>Gives it a new word and new time; the old address no longer works.</summary>
    public void Renew(byte[] tokenHash, DateTimeOffset now)
    {
        if (RedeemedAt is not null)
            throw Refuse.Conflict("claim_redeemed", "The first key was fetched already. Its owner makes further keys with it.");

        TokenHash = tokenHash;
        ExpiresAt = now + Lifetime;
        Raise(new ClaimIssued(Id, OrganizationId, UserId, ExpiresAt, [Caller.Platform, OrganizationId]));
    }

    /// <summary>Refuses unless a key can be fetched now.</summary>
    public void RequireOpen(DateTimeOffset now)
    {
        if (RedeemedAt is not null)
            throw Refuse.Gone("claim_used", "The key behind this address was shown already.").With("usedAt", RedeemedAt);
        if (now >= ExpiresAt)
            throw Refuse.Gone("claim_expired", "This address has expired. Ask whoever sent it for a new one.").With("expiredAt", ExpiresAt);
    }

    /// <summary>Uses it up for a key.</summary>
    public void Redeem(string keyId, DateTimeOffset now)
    {
        RequireOpen(now);
        RedeemedAt = now;
        KeyId = keyId;
        Raise(new ClaimRedeemed(Id, OrganizationId, keyId, [Caller.Platform, OrganizationId]));
    }
}

internal sealed class ClaimMap : IEntityTypeConfiguration<Claim>
{
    public void Configure(EntityTypeBuilder<Claim> e)
    {
        e.ToTable("claims");
        e.Property(x => x.TokenHash).HasMaxLength(32);
        e.HasIndex(x => x.TokenHash).IsUnique();
        e.HasIndex(x => x.ApplicationId).IsUnique();
    }
}
