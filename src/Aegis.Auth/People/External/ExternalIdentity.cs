namespace Aegis.Auth.People.External;

/// <summary>
/// Links a subject of an external provider to one of our users. The link stays, even when the person's e-mail address changes later.
/// </summary>
internal sealed class ExternalIdentity : Entity
{
    private ExternalIdentity(string id)
        : base(id)
    {
    }

    public string Issuer { get; private set; } = "";

    public string Subject { get; private set; } = "";

    /// <summary>A user has at most one external identity.</summary>
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
