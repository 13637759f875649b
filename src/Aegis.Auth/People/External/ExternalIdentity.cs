namespace Aegis.Auth.People.External;

/// <summary>That a subject of an external provider is one of our users; for good, whatever e-mail address it has later.</summary>
internal sealed class ExternalIdentity : Entity
{
    private ExternalIdentity(string id)
        : base(id)
    {
    }

    public string Issuer { get; private set; } = "";

    public string Subject { get; private set; } = "";

    /// <summary>One of each user.</summary>
    public string UserId { get; private set; } = "";

    public DateTimeOffset LinkedAt { get; private set; }

    public static ExternalIdentity Link(User user, string issuer, string subject, DateTimeOffset now)
    {
        var identity = new ExternalIdentity(Ids.New("ext", now)) { Issuer = issuer, Subject = subject, UserId = user.Id, LinkedAt = now };
        identity.Raise(new UserLinked(user.Id, issuer, [user.OrganizationId]));
        return identity;
    }
}

internal sealed class ExternalIdentityMap : IEntityTypeConfiguration<ExternalIdentity>
{
    /// <summary>OpenID Connect Core §2 allows 255 characters for a subject.</summary>
    public const int MaxLength = 255;

    public void Configure(EntityTypeBuilder<ExternalIdentity> e)
    {
        e.ToTable("external_identities");
        e.Property(x => x.Issuer).HasMaxLength(MaxLength);
        e.Property(x => x.Subject).HasMaxLength(MaxLength);
        e.HasIndex(x => new { x.Issuer, x.Subject }).IsUnique();
        e.HasIndex(x => x.UserId).IsUnique();
    }
}
