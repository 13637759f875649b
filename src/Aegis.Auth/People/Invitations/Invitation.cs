namespace Aegis.Auth.People.Invitations;

/// <summary>
/// The right of one user to choose a password, once and within 72 hours. Only a digest of its token is stored. An admin renews it for a
/// user who lost the password.
/// </summary>
internal sealed class Invitation : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    private Invitation(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>A user has at most one invitation.</summary>
    public string UserId { get; private set; } = "";

    /// <summary>SHA-256 of the token in the link.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>The first moment at which it no longer works.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? AcceptedAt { get; private set; }

    public static Invitation Issue(string id, User user, byte[] tokenHash, DateTimeOffset now)
    {
        var invitation = new Invitation(id) { OrganizationId = user.OrganizationId, UserId = user.Id };
        invitation.Renew(tokenHash, now);
        return invitation;
    }

    /// <summary>Sets a new token and expiry. The old link no longer works.</summary>
    public void Renew(byte[] tokenHash, DateTimeOffset now)
    {
        (TokenHash, ExpiresAt, AcceptedAt) = (tokenHash, now + Lifetime, null);
        Raise(new UserInvited(UserId, Id, ExpiresAt, [OrganizationId]));
    }

    /// <summary>Refuses when the invitation was used or has expired.</summary>
    public void RequireOpen(DateTimeOffset now)
    {
        if (AcceptedAt is not null)
            throw Refuse.Gone("invitation_used",
                "This invitation has already been used. Sign in, or ask an admin of your organization for a new one.");
        if (now >= ExpiresAt)
            throw Refuse.Gone("invitation_expired", "This invitation has expired. Ask an admin of your organization for a new one.");
    }

    /// <summary>Marks it as used.</summary>
    public void Accept(DateTimeOffset now)
    {
        RequireOpen(now);
        AcceptedAt = now;
        Raise(new UserInvitationAccepted(UserId, Id, [OrganizationId]));
    }
}

internal sealed class InvitationMap : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> e)
    {
        e.ToTable("invitations");
        e.Property(x => x.TokenHash).HasMaxLength(32);
        e.HasIndex(x => x.TokenHash).IsUnique();
        e.HasIndex(x => x.UserId).IsUnique();
    }
}
