using Aegis.Auth.People.Onboarding;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Kernel.Work;

namespace Aegis.Auth.People.Mail;

/// <summary>What a letter tells of.</summary>
internal enum MailKind { Claim, Invitation, Notice }

/// <summary>
/// A letter that is to be sent: with the address of a claim or an invitation, or with a notice that needs no answer. It is written with
/// what it tells of, in one save, and removed once the mail server has it: what it says, the address with its word among it, is sealed and
/// in no outbox row, event or log.
/// </summary>
internal sealed class MailMessage : Entity
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(30), Factor: 2, TimeSpan.FromHours(1));

    /// <summary>How long one attempt may take; afterwards another host may try.</summary>
    public static readonly RowLease Lease = new(TimeSpan.FromMinutes(2), Further: Backoff.Max);

    private MailMessage(string id)
        : base(id)
    {
    }

    public MailKind Kind { get; private set; }

    /// <summary>The claim or invitation; one letter each. A notice stands for itself.</summary>
    public string SubjectId { get; private set; } = "";

    /// <summary>Whose invitation or notice it is; null for a claim.</summary>
    public string? UserId { get; private set; }

    public string OrganizationId { get; private set; } = "";

    /// <summary><see cref="MailContent"/>, sealed.</summary>
    public byte[] SealedContent { get; private set; } = [];

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset DueAt { get; private set; }

    public int Attempts { get; private set; }

    public static MailMessage Of(string id, Claim claim, byte[] sealedContent, DateTimeOffset now) => new(id)
    {
        Kind = MailKind.Claim,
        SubjectId = claim.Id,
        OrganizationId = claim.OrganizationId,
        SealedContent = sealedContent,
        DueAt = now,
    };

    public static MailMessage Of(string id, Invitation invitation, byte[] sealedContent, DateTimeOffset now) => new(id)
    {
        Kind = MailKind.Invitation,
        SubjectId = invitation.Id,
        UserId = invitation.UserId,
        OrganizationId = invitation.OrganizationId,
        SealedContent = sealedContent,
        DueAt = now,
    };

    public static MailMessage Notice(string id, User reader, byte[] sealedContent, DateTimeOffset now) => new(id)
    {
        Kind = MailKind.Notice,
        SubjectId = id,
        UserId = reader.Id,
        OrganizationId = reader.OrganizationId,
        SealedContent = sealedContent,
        DueAt = now,
    };

    /// <summary>Takes the words of the newer address; those of the older one are of no use.</summary>
    public void Rewrite(byte[] sealedContent, DateTimeOffset now) => (SealedContent, DueAt, Attempts) = (sealedContent, now, 0);

    /// <summary>Begins an attempt, which is nobody else's for a while.</summary>
    public void Take(DateTimeOffset now) => (DueAt, Attempts) = (Lease.Until(now), Attempts + 1);

    /// <summary>
    /// Announces that the mail server has it, a notice apart, which the event that it tells of is known by; whoever calls removes it.
    /// </summary>
    public void Sent()
    {
        if (Kind is MailKind.Claim) Raise(new ClaimMailed(SubjectId, OrganizationId, [Caller.Platform, OrganizationId]));
        if (Kind is MailKind.Invitation) Raise(new InvitationMailed(UserId!, SubjectId, [OrganizationId]));
    }

    /// <summary>Announces that it will not be sent; whoever calls removes it.</summary>
    /// <param name="reason"><c>refused</c> by the mail server for good, or <c>expired</c> while it was tried.</param>
    public void GiveUp(string reason)
    {
        if (Kind is MailKind.Claim) Raise(new ClaimMailFailed(SubjectId, OrganizationId, reason, [Caller.Platform, OrganizationId]));
        if (Kind is MailKind.Invitation) Raise(new InvitationMailFailed(UserId!, SubjectId, reason, [OrganizationId]));
    }

    /// <summary>Puts it off after an attempt in vain, for longer each time.</summary>
    public void PutOff(DateTimeOffset now)
    {
        DueAt = now + Backoff.After(Attempts);
    }

    public static SealedFor Subject(string id) => new("letters", id);
}

internal sealed class MailMessageMap : IEntityTypeConfiguration<MailMessage>
{
    public void Configure(EntityTypeBuilder<MailMessage> e)
    {
        e.ToTable("letters");
        // an address of mail, a name of 200 characters and a URL, escaped
        e.Property(x => x.SealedContent).HasMaxLength(8000).IsSealed(MailMessage.Subject);
        e.HasIndex(x => x.SubjectId).IsUnique();
        e.HasIndex(x => x.DueAt);
    }
}
