using Aegis.Auth.People.Onboarding;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Kernel.Work;

namespace Aegis.Auth.People.Mail;

/// <summary>The kinds of mail messages.</summary>
internal enum MailKind { Claim, Invitation, Notice }

/// <summary>
/// A mail message that waits to be sent: the link of a claim or an invitation, or a notice. It is saved together with its claim, invitation
/// or handler receipt, and removed once the mail server has accepted it. Its content, which includes the link with the token, is sealed. It
/// is in no outbox row, event or log.
/// </summary>
internal sealed class MailMessage : Entity
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(30), Factor: 2, TimeSpan.FromHours(1));

    /// <summary>How long one attempt may take. After that another host may try.</summary>
    public static readonly RowLease Lease = new(TimeSpan.FromMinutes(2), Further: Backoff.Max);

    private MailMessage(string id)
        : base(id)
    {
    }

    public MailKind Kind { get; private set; }

    /// <summary>The claim or invitation, which has at most one message. For a notice, the message's id.</summary>
    public string SubjectId { get; private set; } = "";

    /// <summary>The user who gets the invitation or notice; null for a claim.</summary>
    public string? UserId { get; private set; }

    public string OrganizationId { get; private set; } = "";

    /// <summary><see cref="MailContent"/>, sealed.</summary>
    public byte[] SealedContent { get; private set; } = [];

    /// <summary>The time of the next attempt.</summary>
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

    /// <summary>Replaces the content after the link was renewed, because the old link no longer works.</summary>
    public void Rewrite(byte[] sealedContent, DateTimeOffset now) => (SealedContent, DueAt, Attempts) = (sealedContent, now, 0);

    /// <summary>Begins an attempt and takes the lease, so that no other host tries at the same time.</summary>
    public void Take(DateTimeOffset now) => (DueAt, Attempts) = (Lease.Until(now), Attempts + 1);

    /// <summary>
    /// Raises the event that the mail server accepted it; the caller removes the row. Notices raise nothing, because the event that caused
    /// them is already audited.
    /// </summary>
    public void Sent()
    {
        if (Kind is MailKind.Claim) Raise(new ClaimMailed(SubjectId, OrganizationId, [Caller.Platform, OrganizationId]));
        if (Kind is MailKind.Invitation) Raise(new InvitationMailed(UserId!, SubjectId, [OrganizationId]));
    }

    /// <summary>Raises the event that it will not be sent; the caller removes the row.</summary>
    /// <param name="reason"><c>refused</c> when the mail server rejected it for good, or <c>expired</c> when the link expired
    /// first.</param>
    public void GiveUp(string reason)
    {
        if (Kind is MailKind.Claim) Raise(new ClaimMailFailed(SubjectId, OrganizationId, reason, [Caller.Platform, OrganizationId]));
        if (Kind is MailKind.Invitation) Raise(new InvitationMailFailed(UserId!, SubjectId, reason, [OrganizationId]));
    }

    /// <summary>Postpones the next attempt after a failed one, longer each time.</summary>
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
        // Large enough for an e-mail address, a name of 200 characters and a URL, all escaped.
        e.Property(x => x.SealedContent).HasMaxLength(8000).IsSealed(MailMessage.Subject);
        e.HasIndex(x => x.SubjectId).IsUnique();
        e.HasIndex(x => x.DueAt);
    }
}
