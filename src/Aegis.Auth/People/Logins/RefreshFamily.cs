using System.Text;
using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.People.Logins;

/// <summary>
/// The refresh tokens of one login, of which only the current one works. Token <c>n</c> is HMAC(seed, n). A repeat of the call that used a
/// token therefore gets the same successor, although no token is stored.
/// </summary>
internal sealed class RefreshFamily : Entity
{
    /// <summary>How long a client that lost the answer may repeat the call that used a token.</summary>
    public static readonly TimeSpan RepeatWithin = TimeSpan.FromSeconds(30);

    public const int SeedSize = 32;

    private RefreshFamily(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    public string Client { get; private set; } = "";

    /// <summary>The scopes granted; null for everything that the user may do at the time of each call.</summary>
    public List<string>? Scopes { get; private set; }

    /// <summary>True when ID tokens are issued too.</summary>
    public bool OpenId { get; private set; }

    public byte[] SealedSeed { get; private set; } = [];

    /// <summary>The number of the token that works.</summary>
    public int Current { get; private set; }

    /// <summary>When that token became the current one.</summary>
    public DateTimeOffset CurrentSince { get; private set; }

    /// <summary>When the login ends.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Begins with token 0.</summary>
    /// <param name="login">The login, whose id the family gets too.</param>
    /// <param name="client">The program.</param>
    /// <param name="asked">The scopes granted.</param>
    /// <param name="sealedSeed">The seed, sealed for <see cref="Subject"/> of the login's id.</param>
    /// <param name="now">Time of the login.</param>
    public static RefreshFamily Begin(Session login, string client, AskedScopes asked, byte[] sealedSeed, DateTimeOffset now) =>
        new(login.Id)
        {
            OrganizationId = login.OrganizationId,
            UserId = login.UserId,
            Client = client,
            Scopes = asked.Rights?.ToList(),
            OpenId = asked.OpenId,
            SealedSeed = sealedSeed,
            CurrentSince = now,
            ExpiresAt = login.ExpiresAt,
        };

    /// <summary>Uses a token whose proof is correct: makes its successor current, unless this call is a repeat.</summary>
    /// <returns>False for a token that was used before. Somebody then has a copy, and the caller must end the login.</returns>
    public bool Use(int number, DateTimeOffset now)
    {
        if (number == Current)
        {
            Current++;
            CurrentSince = now;
            return true;
        }

        if (number == Current - 1 && now < CurrentSince + RepeatWithin) return true;
        Raise(new RefreshReused(Id, UserId, [OrganizationId]));
        return false;
    }

    /// <summary>The proof in a token: HMAC-SHA256 of its number.</summary>
    public static byte[] Proof(ReadOnlySpan<byte> seed, int number) =>
        HMACSHA256.HashData(seed, Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public static SealedFor Subject(string id) => new("refresh_families", id);
}

internal sealed class RefreshFamilyMap : IEntityTypeConfiguration<RefreshFamily>
{
    private const int SealedLength = 300;

    public void Configure(EntityTypeBuilder<RefreshFamily> e)
    {
        e.ToTable("refresh_families");
        e.Property(x => x.Client).HasMaxLength(PublicClients.MaxIdLength);
        e.PrimitiveCollection(x => x.Scopes).HasMaxLength(ApiKeyMap.ListLength);
        e.Property(x => x.SealedSeed).HasMaxLength(SealedLength).IsSealed(RefreshFamily.Subject);
        e.HasIndex(x => x.ExpiresAt);
    }
}
