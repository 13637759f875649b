using System.Text.Json;
using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Tenancy.Applications;

internal enum ApplicationStatus { Submitted, InReview, Approved, Rejected }

internal enum RejectionReason { EntityNotVerified, BaaInvalid, PartnerNotConfirmed, Duplicate, Other }

/// <summary>
/// The request of an organization for access, with the evidence that the platform's admin checks. Names, addresses and the EIN are sealed.
/// Anyone can submit one at <see cref="ApplicationsController"/>. The platform's admin decides at <see cref="ReviewController"/>, and
/// <see cref="Approval"/> saves the organization, its first user and the claim address at once. <see cref="ShredRejectedJob"/> deletes
/// the evidence of rejected applications after 30 days. Two decisions at the same time fail on the revision.
/// </summary>
internal sealed class Application : Entity
{
    /// <summary>How long the evidence of a rejected application is kept, for questions about the decision.</summary>
    public static readonly TimeSpan EvidenceKept = TimeSpan.FromDays(30);

    private Application(string id)
        : base(id)
    {
    }

    public ApplicationStatus Status { get; private set; }

    public string OrganizationName { get; private set; } = "";

    public bool WantsProvider { get; private set; }

    public bool WantsConsumer { get; private set; }

    /// <summary>The state in which the U.S. entity was formed.</summary>
    public string State { get; private set; } = "";

    public AgreementEvidence Baa { get; private set; } = new(default, default, "");

    /// <summary>The partner that the applicant named: an id here, or a name in <see cref="PartnerName"/>.</summary>
    public string? PartnerId { get; private set; }

    public string? PartnerName { get; private set; }

    /// <summary>The <see cref="Applicant"/>, sealed; empty after it was shredded.</summary>
    public byte[] SealedApplicant { get; private set; } = [];

    /// <summary>SHA-256 of the token that lets the applicant read the status.</summary>
    public byte[] StatusTokenHash { get; private set; } = [];

    public DateTimeOffset SubmittedAt { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    public RejectionReason? RejectionReason { get; private set; }

    /// <summary>What the applicant is told in addition to the reason.</summary>
    public string? Note { get; private set; }

    /// <summary>When the evidence of a rejected application is to be shredded; null if there is nothing to shred.</summary>
    public DateTimeOffset? ShredAt { get; private set; }

    public DateTimeOffset? ShreddedAt { get; private set; }

    /// <summary>The organization that the approval created, or null.</summary>
    public string? OrganizationId { get; private set; }

    public static SealedFor Subject(string id) => new("applications", id);

    public static Application Submit(
        string id, SubmitApplicationRequest request, byte[] sealedApplicant, byte[] statusTokenHash, DateTimeOffset now)
    {
        var application = new Application(id)
        {
            Status = ApplicationStatus.Submitted,
            OrganizationName = request.OrganizationName.Trim(),
            WantsProvider = request.Roles.Contains(OrganizationRole.Provider),
            WantsConsumer = request.Roles.Contains(OrganizationRole.Consumer),
            State = request.Entity.State,
            Baa = new AgreementEvidence(request.Baa.SignedOn, request.Baa.ValidUntil, request.Baa.Sha256.ToLowerInvariant()),
            PartnerId = request.Partner.Id,
            PartnerName = request.Partner.Name?.Trim(),
            SealedApplicant = sealedApplicant,
            StatusTokenHash = statusTokenHash,
            SubmittedAt = now,
        };
        application.Raise(new ApplicationSubmitted(id, [Caller.Platform]));
        return application;
    }

    /// <summary>Starts the check of the evidence.</summary>
    public void BeginReview()
    {
        if (Status is not ApplicationStatus.Submitted)
            throw Refuse.Conflict("application_not_submitted",
                "Only a submitted application can be taken into review. Read its status first.");

        Status = ApplicationStatus.InReview;
        Raise(new ApplicationReviewStarted(Id, [Caller.Platform]));
    }

    /// <summary>Accepts the evidence.</summary>
    /// <param name="organizationId">The organization that is created for the applicant.</param>
    /// <param name="now">Time of the approval; its day in UTC counts.</param>
    public void Approve(string organizationId, DateTimeOffset now)
    {
        RequireInReview();
        if (Baa.ValidUntil < DateOnly.FromDateTime(now.UtcDateTime))
            throw Refuse.Conflict("baa_expired",
                "The business associate agreement of this application has expired. Reject it and ask for a new application.");

        Status = ApplicationStatus.Approved;
        DecidedAt = now;
        OrganizationId = organizationId;
        Raise(new ApplicationApproved(Id, organizationId, [Caller.Platform, organizationId]));
    }

    /// <summary>Rejects the application and says why.</summary>
    public void Reject(RejectionReason reason, string? note, DateTimeOffset now)
    {
        RequireInReview();
        Status = ApplicationStatus.Rejected;
        DecidedAt = now;
        RejectionReason = reason;
        Note = note;
        ShredAt = now + EvidenceKept;
        Raise(new ApplicationRejected(Id, JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), [Caller.Platform]));
    }

    /// <summary>Deletes who applied and the note to them. The application and the reason of its rejection remain.</summary>
    public void Shred(DateTimeOffset now)
    {
        if (ShredAt is null || now < ShredAt)
            throw Refuse.Conflict("not_due", "The evidence of this application is not due to be shredded.");

        SealedApplicant = [];
        Note = null;
        ShredAt = null;
        ShreddedAt = now;
        Raise(new ApplicationEvidenceShredded(Id, [Caller.Platform]));
    }

    private void RequireInReview()
    {
        if (Status is not ApplicationStatus.InReview)
            throw Refuse.Conflict("application_not_in_review",
                "Only an application in review can be approved or rejected. Take a new application into review first.");
    }
}

/// <summary>A signed business associate agreement.</summary>
/// <param name="SignedOn">The day of the signature.</param>
/// <param name="ValidUntil">Its last day.</param>
/// <param name="Sha256">Digest of the signed document, 64 hexadecimal digits.</param>
internal sealed record AgreementEvidence(DateOnly SignedOn, DateOnly ValidUntil, string Sha256);

/// <summary>The sealed personal data of an application. It is opened only to be shown or compared.</summary>
internal sealed record Applicant(string Name, string Email, string Ein)
{
    private const int ShownDigits = 4;

    /// <summary>Shows the last four digits, enough to distinguish two applicants.</summary>
    public string MaskedEin => $"**-***{Ein[^ShownDigits..]}";

    public static Applicant Open(Application application, SealedBox box) =>
        JsonSerializer.Deserialize<Applicant>(box.Open(application.SealedApplicant, Application.Subject(application.Id)))!;

    public byte[] Seal(string applicationId, SealedBox box) =>
        box.Seal(JsonSerializer.SerializeToUtf8Bytes(this), Application.Subject(applicationId));

    public override string ToString() => "***";
}

internal sealed class ApplicationMap : IEntityTypeConfiguration<Application>
{
    public void Configure(EntityTypeBuilder<Application> e)
    {
        e.ToTable("applications");
        e.Property(x => x.OrganizationName).HasMaxLength(SubmitApplicationValidator.MaxNameLength);
        e.Property(x => x.State).HasMaxLength(2);
        e.ComplexProperty(x => x.Baa, b => b.Property(x => x.Sha256).HasMaxLength(64));
        e.Property(x => x.PartnerName).HasMaxLength(SubmitApplicationValidator.MaxNameLength);
        // a name of 200 characters takes at most 1,200 bytes when escaped
        e.Property(x => x.SealedApplicant).HasMaxLength(4000).IsSealed(Application.Subject);
        e.Property(x => x.StatusTokenHash).HasMaxLength(32);
        e.Property(x => x.Note).HasMaxLength(RejectApplicationValidator.MaxNoteLength);
        e.HasIndex(x => new { x.Status, x.Id });
        e.HasIndex(x => x.ShredAt);
    }
}
