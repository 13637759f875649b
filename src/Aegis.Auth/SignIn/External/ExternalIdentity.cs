using System.Security.Cryptography;
using System.Text;
using Aegis.Auth.Users;
using Aegis.Contracts.Identity;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Auth.SignIn.External;

/// <summary>Which user somebody at another provider is: one each way. Only a digest of the provider's words is needed to know them again.</summary>
internal sealed class ExternalIdentity : Entity
{
    private ExternalIdentity()
    {
    }

    private ExternalIdentity(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    public DateTimeOffset LinkedAt { get; private set; }

    public static ExternalIdentity Link(string issuer, string subject, User user, DateTimeOffset now)
    {
        var identity = new ExternalIdentity(IdOf(issuer, subject)) { OrganizationId = user.OrganizationId, UserId = user.Id, LinkedAt = now };
        identity.Raise(new UserLinked(user.Id, [user.OrganizationId]));
        return identity;
    }

    /// <summary>SHA-256 of both: an issuer is an address, and an address has no line break.</summary>
    public static string IdOf(string issuer, string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")));
}

internal sealed class ExternalIdentityMap : IEntityTypeConfiguration<ExternalIdentity>
{
    public void Configure(EntityTypeBuilder<ExternalIdentity> e)
    {
        e.ToTable("external_identities").HasKey(x => x.Id);
        e.Property(x => x.OrganizationId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.UserId).HasMaxLength(Ids.MaxLength);
        e.HasIndex(x => x.UserId).IsUnique();
    }
}
