namespace Aegis.Auth.People.SignIn;

/// <summary>
/// A browser in which a user signed in completely. It has its own count of wrong passwords, so that strangers who guess cannot keep the
/// user out. It proves nothing: the password is asked for as everywhere.
/// </summary>
internal sealed class KnownBrowser : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    public const int MaxForUser = 10;

    /// <summary>Wrong passwords in a row, afterwards it is no longer known.</summary>
    private const int MaxFailures = 5;

    private KnownBrowser(string id)
        : base(id)
    {
    }

    public string UserId { get; private set; } = "";

    /// <summary>SHA-256 of the word in its cookie. Several users of one browser have the same.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>Each attempt is counted before it is looked at, so that many at once count one after the other.</summary>
    public int Failures { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public static KnownBrowser Of(User user, byte[] tokenHash, DateTimeOffset now) =>
        new(Ids.New("brw", now)) { UserId = user.Id, TokenHash = tokenHash, ExpiresAt = now + Lifetime };

    /// <summary>Takes the new word of the cookie when another user signs in there; nothing else changes.</summary>
    public void Follow(byte[] tokenHash) => TokenHash = tokenHash;

    public bool IsKnown(DateTimeOffset now) => Failures < MaxFailures && now < ExpiresAt;

    /// <summary>Counts an attempt. False when the browser is not known, or no longer.</summary>
    public bool TakeAttempt(DateTimeOffset now)
    {
        if (!IsKnown(now)) return false;
        Failures++;
        return true;
    }

    /// <summary>The attempt was right.</summary>
    public void ForgiveAttempts() => Failures = 0;
}

internal sealed class KnownBrowserMap : IEntityTypeConfiguration<KnownBrowser>
{
    public void Configure(EntityTypeBuilder<KnownBrowser> e)
    {
        e.ToTable("known_browsers");
        e.Property(x => x.TokenHash).HasMaxLength(32);
        e.HasIndex(x => new { x.TokenHash, x.UserId }).IsUnique();
        e.HasIndex(x => x.UserId);
        e.HasIndex(x => x.ExpiresAt);
    }
}
