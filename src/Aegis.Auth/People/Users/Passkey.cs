using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>A passkey of a user (WebAuthn): a public key whose private half never leaves the user's device.</summary>
internal sealed class Passkey : Entity
{
    /// <summary>How many one user may have.</summary>
    public const int MaxCount = 20;

    public const int MaxNameLength = 60;

    private Passkey(string id)
        : base(id)
    {
    }

    public string UserId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    /// <summary>What the authenticator calls it, in hexadecimal digits.</summary>
    public string CredentialId { get; private set; } = "";

    /// <summary>In COSE form.</summary>
    public byte[] PublicKey { get; private set; } = [];

    public string Name { get; private set; } = "";

    /// <summary>How often it was used, as the authenticator counts; 0 where it does not count.</summary>
    public long SignCount { get; private set; }

    public List<string> Transports { get; private set; } = [];

    public bool IsUserVerified { get; private set; }

    public bool IsBackupEligible { get; private set; }

    public bool IsBackedUp { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public static Passkey Add(string id, User user, UserPasskeyInfo info, DateTimeOffset now)
    {
        var passkey = new Passkey(id)
        {
            UserId = user.Id,
            OrganizationId = user.OrganizationId,
            CredentialId = TextOf(info.CredentialId),
            PublicKey = info.PublicKey,
            Name = info.Name is { Length: > 0 } name ? name : "Passkey",
            Transports = [.. (info.Transports ?? []).Take(MaxTransports).Where(t => t.Length <= MaxTransportLength)],
            IsBackupEligible = info.IsBackupEligible,
            CreatedAt = now,
        };
        passkey.Take(info);
        passkey.Raise(new PasskeyAdded(id, user.Id, [user.OrganizationId]));
        return passkey;
    }

    /// <summary>Takes what its use showed.</summary>
    public void Use(UserPasskeyInfo info, DateTimeOffset now)
    {
        Take(info);
        LastUsedAt = now;
    }

    public void Rename(string name)
    {
        if (Name == name) return;
        Name = name;
        Raise(new PasskeyRenamed(Id, UserId, [OrganizationId]));
    }

    /// <summary>Announces its end; whoever calls removes it.</summary>
    public void Leave() => Raise(new PasskeyRemoved(Id, UserId, [OrganizationId]));

    /// <summary>As Identity wants it. What attested it is not kept: nobody here decides by it.</summary>
    public UserPasskeyInfo ToInfo() => new(
        Convert.FromHexString(CredentialId), PublicKey, CreatedAt, (uint)SignCount, [.. Transports], IsUserVerified, IsBackupEligible,
        IsBackedUp, [], [])
    { Name = Name };

    public static string TextOf(byte[] credentialId) => Convert.ToHexStringLower(credentialId);

    private const int MaxTransports = 8;
    private const int MaxTransportLength = 20;

    private void Take(UserPasskeyInfo info) =>
        (SignCount, IsUserVerified, IsBackedUp) = (info.SignCount, info.IsUserVerified, info.IsBackedUp);
}

internal sealed class PasskeyMap : IEntityTypeConfiguration<Passkey>
{
    /// <summary>
    /// Of a credential id, in bytes. The specification allows 1,023; authenticators use 16 to 64, some wrap their key in it.
    /// </summary>
    public const int MaxCredentialIdLength = 400;

    public void Configure(EntityTypeBuilder<Passkey> e)
    {
        e.ToTable("passkeys");
        e.Property(x => x.CredentialId).HasMaxLength(2 * MaxCredentialIdLength);
        e.Property(x => x.PublicKey).HasMaxLength(1000);
        e.Property(x => x.Name).HasMaxLength(Passkey.MaxNameLength);
        e.PrimitiveCollection(x => x.Transports).HasMaxLength(200);
        e.HasIndex(x => x.CredentialId).IsUnique();
        e.HasIndex(x => x.UserId);
    }
}
