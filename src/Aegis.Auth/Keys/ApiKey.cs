using Aegis.Contracts.Identity;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Auth.Keys;

/// <summary>A long-lived credential of one user. Only a keyed digest of its secret is stored.</summary>
internal sealed class ApiKey : Entity
{
    private ApiKey()
    {
    }

    private ApiKey(string id)
        : base(id)
    {
    }

    /// <summary>The part of the key's text that finds this row.</summary>
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

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first moment at which it no longer works, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Makes a key from a drawn text.</summary>
    /// <param name="text">The drawn key.</param>
    /// <param name="mac">Its secret under the current pepper.</param>
    /// <param name="name">What its owner calls it.</param>
    /// <param name="user">Whose key it is: organization and id.</param>
    /// <param name="grant">What it allows.</param>
    /// <param name="now">Time of creation.</param>
    public static ApiKey Create(KeyText text, byte[] mac, string name, (string OrganizationId, string Id) user, KeyGrant grant, DateTimeOffset now)
    {
        var key = new ApiKey(Ids.New("key", now))
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
        key.Raise(new KeyCreated(key.Id, name, [key.OrganizationId]));
        return key;
    }

    /// <summary>Ends the key for good.</summary>
    public void Revoke(DateTimeOffset now)
    {
        if (RevokedAt is not null)
            throw Refuse.Conflict("key_already_revoked", $"'{Name}' is revoked already.");

        RevokedAt = now;
        Raise(new KeyRevoked(Id, OrganizationId, [OrganizationId]));
    }
}

/// <summary>What a key allows: scopes (expanded), partners (null for all) and until when (null for ever).</summary>
internal sealed record KeyGrant(IReadOnlyList<string> Scopes, IReadOnlyList<string>? Partners, DateTimeOffset? ExpiresAt);

internal sealed class ApiKeyMap : IEntityTypeConfiguration<ApiKey>
{
    private const int ListLength = 4000; // the longest bounded text on SQL Server; the whole catalogue takes 1,600

    public void Configure(EntityTypeBuilder<ApiKey> e)
    {
        e.ToTable("api_keys").HasKey(x => x.Id);
        e.Property(x => x.PublicId).HasMaxLength(KeyText.PublicIdLength);
        e.Property(x => x.Mac).HasMaxLength(32);
        e.Property(x => x.Name).HasMaxLength(100);
        e.Property(x => x.OrganizationId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.UserId).HasMaxLength(Ids.MaxLength);
        e.PrimitiveCollection(x => x.Scopes).HasMaxLength(ListLength);
        e.PrimitiveCollection(x => x.Partners).HasMaxLength(ListLength);
        e.HasIndex(x => x.PublicId).IsUnique();
        e.HasIndex(x => x.OrganizationId);
        e.HasIndex(x => x.UserId);
    }
}
