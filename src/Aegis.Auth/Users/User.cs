using Aegis.Auth.Catalogue;
using Aegis.Contracts.Identity;
using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Auth.Users;

/// <summary>A person or an automation of one organization; keys belong to users.</summary>
internal sealed class User : Entity
{
    private User()
    {
    }

    private User(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>In lower case; nobody else in the installation has it.</summary>
    public string Email { get; private set; } = "";

    public string Name { get; private set; } = "";

    /// <summary><see cref="Roles.Operator"/>, <see cref="Roles.Admin"/> or null.</summary>
    public string? Role { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static User Create(string id, string organizationId, string email, string name, string? role, DateTimeOffset now)
    {
        if (role is not (null or Roles.Operator or Roles.Admin))
            throw new ArgumentException($"'{role}' is no role.", nameof(role));

        var user = new User(id) { OrganizationId = organizationId, Email = email.ToLowerInvariant(), Name = name, Role = role, CreatedAt = now };
        user.Raise(new UserCreated(id, organizationId, [organizationId]));
        return user;
    }
}

internal sealed class UserMap : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> e)
    {
        e.ToTable("users").HasKey(x => x.Id);
        e.Property(x => x.OrganizationId).HasMaxLength(Kernel.Identifiers.Ids.MaxLength);
        e.Property(x => x.Email).HasMaxLength(254); // RFC 5321 §4.5.3.1.3
        e.Property(x => x.Name).HasMaxLength(200);
        e.Property(x => x.Role).HasMaxLength(40);
        e.HasIndex(x => x.Email).IsUnique();
        e.HasIndex(x => x.OrganizationId);
    }
}
