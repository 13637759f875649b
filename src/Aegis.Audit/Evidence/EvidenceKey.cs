using Aegis.Contracts.Evidence;
using Aegis.Kernel.Sealing;
using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Audit.Evidence;

/// <summary>
/// An Ed25519 key that signs checkpoints, certificates and receipts. Its public key stays published forever, so the row is never deleted.
/// </summary>
internal sealed class EvidenceKey : Entity
{
    public const string IdPrefix = "evk";
    public const int NameLength = 300;

    private EvidenceKey(string id)
        : base(id)
    {
    }

    /// <summary>Increases by one with each key. Its unique index lets only one of several hosts create the next key.</summary>
    public int Number { get; private set; }

    /// <summary>The name in signatures, and the log's origin. It is stored so that a new public address does not change it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>32 bytes (RFC 8032).</summary>
    public byte[] PublicKey { get; private set; } = [];

    /// <summary>The private key, sealed.</summary>
    public byte[] SealedSeed { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the key starts to sign. It is published earlier, so verifiers have it by then.</summary>
    public DateTimeOffset SignsFrom { get; private set; }

    /// <summary>When the key stops signing. Earlier signatures remain valid.</summary>
    public DateTimeOffset? RetiredAt { get; private set; }

    /// <summary>When the private key was reported as possibly known to others. From then on a signature alone proves nothing.</summary>
    public DateTimeOffset? DistrustedAt { get; private set; }

    public NoteVerifier Verifier => new(Name, PublicKey);

    /// <summary>Creates the key that signs from <paramref name="signsFrom"/> on.</summary>
    public static EvidenceKey Begin(EvidenceKeyPair pair, DateTimeOffset signsFrom, DateTimeOffset now)
    {
        var key = new EvidenceKey(pair.Id)
        {
            Number = pair.Number,
            Name = pair.Verifier.Name,
            PublicKey = pair.Verifier.PublicKey.ToArray(),
            SealedSeed = pair.SealedSeed,
            CreatedAt = now,
            SignsFrom = signsFrom,
        };
        key.Raise(new EvidenceKeyCreated(key.Id, pair.Verifier.ToString(), signsFrom, [Caller.Platform]));
        return key;
    }

    /// <summary>Stops the key at <paramref name="at"/>, unless it stops earlier.</summary>
    public void Retire(DateTimeOffset at)
    {
        if (RetiredAt is null || RetiredAt > at) RetiredAt = at;
    }

    /// <summary>Records that the private key may be known to others. The key stops signing.</summary>
    public void Distrust(DateTimeOffset now)
    {
        if (DistrustedAt is not null) return;
        Retire(now);
        DistrustedAt = now;
        Raise(new EvidenceKeyDistrusted(Id, [Caller.Platform]));
    }

    public static SealedFor Subject(string id) => new("evidence_keys", id);
}

/// <summary>A new key: its public key and the sealed seed.</summary>
internal sealed record EvidenceKeyPair(string Id, int Number, NoteVerifier Verifier, byte[] SealedSeed);

internal sealed class EvidenceKeyMap : IEntityTypeConfiguration<EvidenceKey>
{
    public void Configure(EntityTypeBuilder<EvidenceKey> e)
    {
        e.ToTable("evidence_keys");
        e.Property(x => x.Name).HasMaxLength(EvidenceKey.NameLength);
        e.Property(x => x.PublicKey).HasMaxLength(Ed25519.KeySize);
        e.Property(x => x.SealedSeed).HasMaxLength(300).IsSealed(EvidenceKey.Subject);
        e.Ignore(x => x.Verifier);
        e.HasIndex(x => x.Number).IsUnique();
    }
}
