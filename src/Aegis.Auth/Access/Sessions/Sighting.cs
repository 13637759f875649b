using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Access.Sessions;

/// <summary>
/// Records that a user connected with one device from one location; risk is assessed by these rows. Only a session that was trusted or
/// stepped up adds one. The row has no states, so the last write wins.
/// </summary>
internal sealed class Sighting
{
    private Sighting()
    {
    }

    /// <summary>Keyed fingerprint of user, device and location: the same combination updates the same row.</summary>
    public string Id { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>Keyed fingerprint of the device for this user, or null.</summary>
    public string? Device { get; private set; }

    /// <summary>The last <see cref="ConnectionFacts"/>, sealed.</summary>
    public byte[] SealedFacts { get; private set; } = [];

    public DateTimeOffset FirstSeenAt { get; private set; }

    public DateTimeOffset LastSeenAt { get; private set; }

    public static Sighting First(string id, string userId, string? device, byte[] sealedFacts, DateTimeOffset now) => new()
    {
        Id = id,
        UserId = userId,
        Device = device,
        SealedFacts = sealedFacts,
        FirstSeenAt = now,
        LastSeenAt = now,
    };

    public void Renew(byte[] sealedFacts, DateTimeOffset now)
    {
        SealedFacts = sealedFacts;
        LastSeenAt = now;
    }

    public static SealedFor Subject(string id) => new("sightings", id);
}

internal sealed class SightingMap : IEntityTypeConfiguration<Sighting>
{
    private const int FingerprintLength = 64; // SHA-256 in hex

    public void Configure(EntityTypeBuilder<Sighting> e)
    {
        e.ToTable("sightings");
        e.Property(x => x.Id).HasMaxLength(FingerprintLength);
        e.Property(x => x.Device).HasMaxLength(FingerprintLength);
        e.Property(x => x.SealedFacts).HasMaxLength(SessionMap.FactsLength).IsSealed(Sighting.Subject);
        e.HasIndex(x => new { x.UserId, x.LastSeenAt });
        e.HasIndex(x => x.LastSeenAt);
    }
}
