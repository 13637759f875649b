namespace Aegis.Auth.People.SignIn;

/// <summary>
/// A browser in which a user has completed a sign-in. It has its own count of wrong passwords, so that strangers who guess cannot lock the
/// user out. It is not an authentication factor: the password is required as in every browser.
/// </summary>
internal sealed class KnownBrowser : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    public const int MaxForUser = 10;

    /// <summary>After this many consecutive wrong passwords the browser is no longer known.</summary>
    private const int MaxFailures = 5;

    private KnownBrowser(string id)
        : base(id)
    {
    }

    public string UserId { get; private set; } = "";

    /// <summary>SHA-256 of the token in its cookie. Several users of one browser have the same value.</summary>
    public byte[] TokenHash { get; private set; } = [];

    /// <summary>
    /// Each attempt is counted before the password is checked, so that many attempts at the same time cannot pass the limit.
    /// </summary>
    public int Failures { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public static KnownBrowser Of(User user, byte[] tokenHash, DateTimeOffset now) =>
        new(Ids.New("brw", now)) { UserId = user.Id, TokenHash = tokenHash, ExpiresAt = now + Lifetime };

    /// <summary>Takes over the new token of the cookie when another user signs in with this browser.</summary>
    public void ReplaceToken(byte[] tokenHash) => TokenHash = tokenHash;

    public bool IsKnown(DateTimeOffset now) => Failures < MaxFailures && now < ExpiresAt;

    /// <summary>Counts an attempt. False when the browser is no longer known.</summary>
    public bool TakeAttempt(DateTimeOffset now)
    {
        if (!IsKnown(now)) return false;
        Failures++;
        return true;
    }

    /// <summary>The password was correct.</summary>
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
