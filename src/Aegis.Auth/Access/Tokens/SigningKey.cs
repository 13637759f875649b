using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Access.Tokens;

/// <summary>A P-256 key pair that signs access tokens (ES256) for 90 days and is trusted until the last of them has expired.</summary>
internal sealed class SigningKey : Entity
{
    public const string IdPrefix = "sgk";

    /// <summary>How long one key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(90);

    private SigningKey(string id)
        : base(id)
    {
    }

    /// <summary>Increases by one. Its unique index lets only one of several hosts create the next key.</summary>
    public int Number { get; private set; }

    /// <summary>SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).</summary>
    public byte[] PublicKey { get; private set; } = [];

    /// <summary>The private key (PKCS #8), sealed.</summary>
    public byte[] SealedPrivateKey { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it starts to sign. It is published earlier, so that every verifier has it by then.</summary>
    public DateTimeOffset SignsFrom { get; private set; }

    /// <summary>When it stops signing.</summary>
    public DateTimeOffset RetiredAt { get; private set; }

    /// <summary>When every token it signed has expired.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Creates a key that signs for <see cref="SigningPeriod"/>.</summary>
    /// <param name="pair">Its id, its number, the public key and the sealed private key.</param>
    /// <param name="signsFrom">When it starts to sign.</param>
    /// <param name="tokenLifetime">How long a token that it signs is valid.</param>
    /// <param name="now">Time of creation.</param>
    public static SigningKey Begin(SigningPair pair, DateTimeOffset signsFrom, TimeSpan tokenLifetime, DateTimeOffset now)
    {
        var key = new SigningKey(pair.Id)
        {
            Number = pair.Number,
            PublicKey = pair.PublicKey,
            SealedPrivateKey = pair.SealedPrivateKey,
            CreatedAt = now,
            SignsFrom = signsFrom
        };
        key.Retire(signsFrom + SigningPeriod, tokenLifetime);
        key.Raise(new SigningKeyCreated(key.Id, [Caller.Platform]));
        return key;
    }

    /// <summary>Makes it stop signing at <paramref name="at"/>.</summary>
    public void Retire(DateTimeOffset at, TimeSpan tokenLifetime)
    {
        RetiredAt = at;
        ExpiresAt = at + tokenLifetime;
    }

    /// <summary>Makes every token it signed invalid from now on.</summary>
    public void Distrust(DateTimeOffset now)
    {
        if (ExpiresAt <= now) return;
        if (RetiredAt > now) RetiredAt = now;
        ExpiresAt = now;
        Raise(new SigningKeyDistrusted(Id, [Caller.Platform]));
    }

    public static SealedFor Subject(string id) => new("signing_keys", id);
}

/// <summary>A new key pair: SubjectPublicKeyInfo and sealed PKCS #8.</summary>
internal sealed record SigningPair(string Id, int Number, byte[] PublicKey, byte[] SealedPrivateKey);

internal sealed class SigningKeyMap : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> e)
    {
        e.ToTable("signing_keys");
        e.Property(x => x.PublicKey).HasMaxLength(200);
        e.Property(x => x.SealedPrivateKey).HasMaxLength(1000).IsSealed(SigningKey.Subject);
        e.HasIndex(x => x.Number).IsUnique();
    }
}
