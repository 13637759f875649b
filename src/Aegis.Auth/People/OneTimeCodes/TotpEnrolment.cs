using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.People.OneTimeCodes;

/// <summary>
/// The authenticator of one user: the current secret, and a new one until a code confirms it. Its revision makes simultaneous guesses count
/// one after the other, so that many at the same time cannot pass the limit.
/// </summary>
internal sealed class TotpEnrolment : Entity
{
    private const int MaxWrongCodes = 5;

    /// <summary>How long no code is accepted after too many wrong ones.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(15);

    /// <summary>How long wrong codes count, here and in the risk score.</summary>
    public static readonly TimeSpan FailuresCount = TimeSpan.FromHours(1);

    private TotpEnrolment(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>The current secret; null until a first one is confirmed.</summary>
    public byte[]? SealedSecret { get; private set; }

    /// <summary>The secret that was shown and is not confirmed yet.</summary>
    public byte[]? SealedPending { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>The API key or login that confirmed it. The user can see whether it was theirs.</summary>
    public string? ConfirmedWith { get; private set; }

    /// <summary>The step of the last accepted code. Codes of this step and earlier ones are rejected (RFC 6238 §5.2).</summary>
    public long LastStep { get; private set; }

    /// <summary>Consecutive wrong codes.</summary>
    public int Failures { get; private set; }

    public DateTimeOffset? LastFailureAt { get; private set; }

    public bool IsConfirmed => SealedSecret is not null;

    public static TotpEnrolment Begin(string id, string organizationId, string userId, DateTimeOffset now) =>
        new(id) { OrganizationId = organizationId, UserId = userId, CreatedAt = now };

    /// <summary>Stores a secret that was just shown, until a code confirms it. The current secret stays valid.</summary>
    public void Offer(byte[] sealedSecret) => SealedPending = sealedSecret;

    /// <summary>Verifies a code of the current secret. Returns the refusal of a wrong code; its count must be saved too.</summary>
    public RefusedException? Verify(ReadOnlySpan<byte> secret, string code, DateTimeOffset now) => Check(secret, code, LastStep, now);

    /// <summary>Makes the shown secret the current one, if the code belongs to it. Returns the refusal otherwise.</summary>
    public RefusedException? Confirm(ReadOnlySpan<byte> pending, string code, string keyId, DateTimeOffset now)
    {
        if (Check(pending, code, usedUntil: -1, now) is { } refused) return refused;
        Raise(new TotpEnrolled(UserId, [OrganizationId], keyId, Replaced: IsConfirmed));
        SealedSecret = SealedPending;
        SealedPending = null;
        ConfirmedAt = now;
        ConfirmedWith = keyId;
        return null;
    }

    /// <summary>Raises the event of the reset; the caller removes the row.</summary>
    /// <param name="sessions">The number of sessions that end with it.</param>
    /// <param name="by">The organization of the admin.</param>
    public void Reset(int sessions, string by) => Raise(new TotpReset(UserId, sessions, [.. new[] { OrganizationId, by }.Distinct()]));

    public static SealedFor Subject(string id) => new("totp_enrolments", id);

    private RefusedException? Check(ReadOnlySpan<byte> secret, string code, long usedUntil, DateTimeOffset now)
    {
        if (LastFailureAt + FailuresCount <= now) Failures = 0;
        if (Failures >= MaxWrongCodes && LastFailureAt is { } last && last + Lock > now)
        {
            var seconds = (int)Math.Ceiling((last + Lock - now).TotalSeconds);
            return new RefusedException(
                StatusCodes.Status429TooManyRequests, "totp_locked",
                $"There were too many wrong codes. Wait {seconds} s and try again.").With(Problem.RetryAfter, seconds);
        }

        switch (Rfc6238.Match(secret, code, now))
        {
            case null:
                Failures++;
                LastFailureAt = now;
                return Refuse.Forbidden(
                    "totp_invalid", "This is not the user's current code. Check the authenticator and the clock of its device.");
            case { } step when step <= usedUntil:
                return Refuse.Conflict("totp_used", "This code has already been used. Wait for the next one.");
            case { } step:
                LastStep = step;
                Failures = 0;
                LastFailureAt = null;
                return null;
        }
    }
}

internal sealed class TotpEnrolmentMap : IEntityTypeConfiguration<TotpEnrolment>
{
    private const int SealedLength = 300;

    public void Configure(EntityTypeBuilder<TotpEnrolment> e)
    {
        e.ToTable("totp_enrolments");
        e.Property(x => x.SealedSecret).HasMaxLength(SealedLength).IsSealed(TotpEnrolment.Subject);
        e.Property(x => x.SealedPending).HasMaxLength(SealedLength).IsSealed(TotpEnrolment.Subject);
        e.Property(x => x.ConfirmedWith).HasMaxLength(Ids.MaxLength);
        e.Ignore(x => x.IsConfirmed);
        e.HasIndex(x => x.UserId).IsUnique();
    }
}
