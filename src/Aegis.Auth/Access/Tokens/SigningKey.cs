using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Access.Tokens;

/// <summary>A P-256 key pair that signs access tokens (ES256) for a while and is trusted as long as one of them can live.</summary>
internal sealed class SigningKey : Entity
{
    public const string IdPrefix = "sgk";

    /// <summary>How long one key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(90);

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

    /// <summary>From here on it signs. It is published before, so that whoever checks tokens has it by then.</summary>
    public DateTimeOffset SignsFrom { get; private set; }

    /// <summary>From here on it signs nothing new.</summary>
    public DateTimeOffset RetiredAt { get; private set; }

    /// <summary>From here on nothing it signed can still be valid.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Makes a key that signs for <see cref="SigningPeriod"/>.</summary>
    /// <param name="pair">Its id, number and both halves, the private one sealed.</param>
    /// <param name="signsFrom">When it begins to sign.</param>
    /// <param name="tokenLifetime">How long what it signs can live.</param>
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

    /// <summary>Lets it sign until <paramref name="at"/>.</summary>
    public void Retire(DateTimeOffset at, TimeSpan tokenLifetime)
    {
        RetiredAt = at;
        ExpiresAt = at + tokenLifetime;
    }

    /// <summary>Trusts nothing any more that it signed.</summary>
    public void Distrust(DateTimeOffset now)
    {
        if (ExpiresAt <= now) return;
        if (RetiredAt > now) RetiredAt = now;
        ExpiresAt = now;
        Raise(new SigningKeyDistrusted(Id, [Caller.Platform]));
    }

    public static SealedFor Subject(string id) => new("signing_keys", id);
}

/// <summary>A drawn key pair: SubjectPublicKeyInfo and sealed PKCS #8.</summary>
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
