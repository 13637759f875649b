namespace Aegis.Auth.Tenancy.Applications;

/// <param name="Id"><c>app_…</c>.</param>
/// <param name="Status"><c>submitted</c>, <c>in_review</c>, <c>approved</c> or <c>rejected</c>.</param>
/// <param name="OrganizationName">The name of the organization that applies.</param>
/// <param name="Roles">The roles that it applies for.</param>
/// <param name="Contact">The person responsible for it; null after the evidence was shredded.</param>
/// <param name="State">State of incorporation.</param>
/// <param name="Ein">The last four digits of the employer identification number; null after the evidence was shredded.</param>
/// <param name="Baa">The signed agreement.</param>
/// <param name="Partner">The organization with which studies will be exchanged.</param>
/// <param name="SubmittedAt">When it was submitted.</param>
/// <param name="DecidedAt">When it was approved or rejected, or null.</param>
/// <param name="RejectionReason">Why it was rejected, or null.</param>
/// <param name="Note">What the applicant was told in addition to the reason, or null.</param>
/// <param name="OrganizationId">The organization that was created, or null.</param>
/// <param name="EvidenceShreddedAt">When the evidence of a rejected application was shredded, or null.</param>
internal sealed record ApplicationResponse(
    string Id,
    ApplicationStatus Status,
    string OrganizationName,
    IReadOnlyList<OrganizationRole> Roles,
    ContactBody? Contact,
    string State,
    string? Ein,
    AgreementEvidence Baa,
    PartnerBody Partner,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? DecidedAt,
    RejectionReason? RejectionReason,
    string? Note,
    string? OrganizationId,
    DateTimeOffset? EvidenceShreddedAt)
{
    public static ApplicationResponse From(Application a, SealedBox box)
    {
        var applicant = a.ShreddedAt is null ? Applicant.Open(a, box) : null;
        OrganizationRole[] roles =
            [.. a.WantsProvider ? [OrganizationRole.Provider] : Array.Empty<OrganizationRole>(),
                .. a.WantsConsumer ? [OrganizationRole.Consumer] : Array.Empty<OrganizationRole>()];
        return new ApplicationResponse(
            a.Id, a.Status, a.OrganizationName, roles, applicant is null ? null : new ContactBody(applicant.Name, applicant.Email), a.State,
            applicant?.MaskedEin, a.Baa,
            new PartnerBody(a.PartnerId, a.PartnerName), a.SubmittedAt, a.DecidedAt, a.RejectionReason, a.Note, a.OrganizationId,
            a.ShreddedAt);
    }

    public override string ToString() => Id;
}

/// <param name="Id"><c>app_…</c>.</param>
/// <param name="Status">Always <c>submitted</c>.</param>
/// <param name="StatusToken">Send it as X-Status-Token to read the status of the application. It is shown this one time.</param>
/// <param name="SubmittedAt">When it was submitted.</param>
internal sealed record SubmittedResponse(string Id, ApplicationStatus Status, string StatusToken, DateTimeOffset SubmittedAt)
{
    public override string ToString() => $"{Id} ***";
}

/// <param name="Id">The application.</param>
/// <param name="Status">Always <c>approved</c>.</param>
/// <param name="OrganizationId">The organization that was created.</param>
/// <param name="UserId">Its first user: the contact, as <c>aegis:admin</c> of the organization.</param>
/// <param name="ClaimUrl">The claim address. Give it to the contact: its page has a button that shows the first API key. It is shown this
/// one time.</param>
/// <param name="ClaimExpiresAt">When the address expires.</param>
/// <param name="Mailed">True when the address is also mailed to the contact; <c>claim.mailed</c> says when the mail server accepted it.
/// </param>
internal sealed record ApprovedResponse(
    string Id, ApplicationStatus Status, string OrganizationId, string UserId, string ClaimUrl, DateTimeOffset ClaimExpiresAt, bool Mailed)
{
    public override string ToString() => $"{Id} ***";
}
