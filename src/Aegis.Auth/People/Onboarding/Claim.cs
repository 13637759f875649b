namespace Aegis.Auth.People.Onboarding;

/// <summary>The right of one user to fetch a first API key, once and within 72 hours. Only a digest of its token is stored.</summary>
internal sealed class Claim : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    private Claim(string id)
        : base(id)
    {
    }

    /// <summary>The approved application. An application has at most one claim.</summary>
    public string ApplicationId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>SHA-256 of the token in the link.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>The first moment at which it no longer works.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RedeemedAt { get; private set; }

    /// <summary>The key that was made for it, or null.</summary>
    public string? KeyId { get; private set; }

    public static Claim Issue(
        string id, string applicationId, (string OrganizationId, string Id) user, byte[] tokenHash, DateTimeOffset now)
    {
        var claim = new Claim(id) { ApplicationId = applicationId, OrganizationId = user.OrganizationId, UserId = user.Id };
        claim.Renew(tokenHash, now);
        return claim;
    }

    /// <summary>Sets a new token and expiry. The old link no longer works.</summary>
    public void Renew(byte[] tokenHash, DateTimeOffset now)
    {
        if (RedeemedAt is not null)
            throw Refuse.Conflict("claim_redeemed", "The first key has already been fetched. Its owner can create more keys with it.");

        TokenHash = tokenHash;
        ExpiresAt = now + Lifetime;
        Raise(new ClaimIssued(Id, OrganizationId, UserId, ExpiresAt, [Caller.Platform, OrganizationId]));
    }

    /// <summary>Refuses when the claim was used or has expired.</summary>
    public void RequireOpen(DateTimeOffset now)
    {
        if (RedeemedAt is not null)
            throw Refuse.Gone("claim_used", "The key of this address has already been shown. If it was not you who saw it, report this to "
                + "the person who sent you the address.").With("usedAt", RedeemedAt);
        if (now >= ExpiresAt)
            throw Refuse.Gone("claim_expired", "This address has expired. Ask the person who sent it for a new one.")
                .With("expiredAt", ExpiresAt);
    }

    /// <summary>Marks it as used for a key.</summary>
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
