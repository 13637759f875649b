using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Auth.Tokens;

/// <summary>A P-256 key pair that signs access tokens (ES256) for a while and is trusted as long as one of them can live.</summary>
internal sealed class SigningKey : Entity
{
    public const string IdPrefix = "sgk";

    /// <summary>How long one key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(90);

    private SigningKey()
    {
    }

    private SigningKey(string id)
        : base(id)
    {
    }

    /// <summary>Grows by one; its unique index lets only one of several hosts begin the next key.</summary>
    public int Number { get; private set; }

    /// <summary>SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).</summary>
    public byte[] PublicKey { get; private set; } = [];

    /// <summary>The private key (PKCS #8), sealed.</summary>
    public byte[] SealedPrivateKey { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>From here on it signs nothing new.</summary>
    public DateTimeOffset RetiredAt { get; private set; }

    /// <summary>From here on nothing it signed can still be valid.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public static SigningKey Begin(string id, int number, byte[] publicKey, byte[] sealedPrivateKey, TimeSpan tokenLifetime, DateTimeOffset now)
    {
        var key = new SigningKey(id)
        {
            Number = number,
            PublicKey = publicKey,
            SealedPrivateKey = sealedPrivateKey,
            CreatedAt = now,
            RetiredAt = now + SigningPeriod,
            ExpiresAt = now + SigningPeriod + tokenLifetime,
        };
        key.Raise(new SigningKeyCreated(id, [Caller.Platform]));
        return key;
    }

    public static SealedFor Subject(string id) => new("signing_keys", id);
}

internal sealed class SigningKeyMap : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> e)
    {
        e.ToTable("signing_keys").HasKey(x => x.Id);
        e.Property(x => x.PublicKey).HasMaxLength(200);
        e.Property(x => x.SealedPrivateKey).HasMaxLength(1000);
        e.HasIndex(x => x.Number).IsUnique();
    }
}
