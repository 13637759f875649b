using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>A passkey of a user (WebAuthn): a public key whose private half never leaves the user's device.</summary>
internal sealed class Passkey : Entity
{
    /// <summary>The number of passkeys that one user may have.</summary>
    public const int MaxCount = 20;

    public const int MaxNameLength = 60;

    private Passkey(string id)
        : base(id)
    {
    }

    public string UserId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    /// <summary>The authenticator's id of the passkey, in hexadecimal digits.</summary>
    public string CredentialId { get; private set; } = "";

    /// <summary>In COSE form.</summary>
    public byte[] PublicKey { get; private set; } = [];

    public string Name { get; private set; } = "";

    /// <summary>The authenticator's count of uses; 0 if it does not count.</summary>
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
        passkey.CopyState(info);
        passkey.Raise(new PasskeyAdded(id, user.Id, [user.OrganizationId]));
        return passkey;
    }

    /// <summary>Stores the state that a use reported.</summary>
    public void Use(UserPasskeyInfo info, DateTimeOffset now)
    {
        CopyState(info);
        LastUsedAt = now;
    }

    public void Rename(string name)
    {
        if (Name == name) return;
        Name = name;
        Raise(new PasskeyRenamed(Id, UserId, [OrganizationId]));
    }

    /// <summary>Raises the event of its removal; the caller removes the row.</summary>
    public void RaiseRemoved() => Raise(new PasskeyRemoved(Id, UserId, [OrganizationId]));

    /// <summary>Converts it for ASP.NET Core Identity. The attestation is not stored, because no decision uses it.</summary>
    public UserPasskeyInfo ToInfo() => new(
        Convert.FromHexString(CredentialId), PublicKey, CreatedAt, (uint)SignCount, [.. Transports], IsUserVerified, IsBackupEligible,
        IsBackedUp, [], [])
    { Name = Name };

    public static string TextOf(byte[] credentialId) => Convert.ToHexStringLower(credentialId);

    private const int MaxTransports = 8;
    private const int MaxTransportLength = 20;

    private void CopyState(UserPasskeyInfo info) =>
        (SignCount, IsUserVerified, IsBackedUp) = (info.SignCount, info.IsUserVerified, info.IsBackedUp);
}

internal sealed class PasskeyMap : IEntityTypeConfiguration<Passkey>
{
    /// <summary>
    /// In bytes. The specification allows 1,023 bytes. Most authenticators use 16 to 64; some need more, because they wrap their key in the
    /// id.
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
