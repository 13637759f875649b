namespace Aegis.Auth.Tenancy.Organizations;

/// <summary>The role of an organization in an exchange: the provider sends studies, the consumer requests them.</summary>
internal enum OrganizationRole { Provider, Consumer }

/// <summary>A provider, a consumer, both, or the platform that runs the installation.</summary>
internal sealed class Organization : Entity
{
    private Organization(string id)
        : base(id)
    {
    }

    public string Name { get; private set; } = "";

    public bool IsProvider { get; private set; }

    public bool IsConsumer { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was closed, and its keys stopped working for ever; or null.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <param name="id"><c>prov_…</c>, <c>cons_…</c> or <c>org_…</c>.</param>
    /// <param name="name">The name that its partners see.</param>
    /// <param name="isProvider">True if studies may be requested of it.</param>
    /// <param name="isConsumer">True if it may request studies.</param>
    /// <param name="now">Time of creation.</param>
    public static Organization Create(string id, string name, bool isProvider, bool isConsumer, DateTimeOffset now)
    {
        var organization = new Organization(id) { Name = name, IsProvider = isProvider, IsConsumer = isConsumer, CreatedAt = now };
        organization.Raise(new OrganizationCreated(id, [id]));
        return organization;
    }
}

internal sealed class OrganizationMap : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> e)
    {
        e.ToTable("organizations");
        e.Property(x => x.Name).HasMaxLength(200);
    }
}
