namespace Aegis.Sdk.Identity;

/// <summary>Applications for access: sent and followed by everybody, reviewed by the platform's admin.</summary>
public sealed class ApplicationsApi
{
    private readonly Caller caller;

    internal ApplicationsApi(Caller caller) => this.caller = caller;

    /// <summary>Applies for access. No key is needed.</summary>
    /// <param name="application">Who applies, with the evidence.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<SubmittedApplication> SubmitAsync(
        ApplyForAccess application, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Post, "v1/applications", JsonBody.Of(application, CamelCaseJson.Default.ApplyForAccess))
        {
            IsAnonymous = true,
            IdempotencyKey = idempotencyKey ?? Caller.NewKey()
        },
        CamelCaseJson.Default.SubmittedApplication, cancellationToken);

    /// <summary>How an application stands, for the applicant.</summary>
    /// <param name="id">app_….</param>
    /// <param name="statusToken"><see cref="SubmittedApplication.StatusToken"/>.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<AccessApplication> FollowAsync(
        string id, string statusToken, CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Get, Path(id)) { IsAnonymous = true, StatusToken = statusToken }, CamelCaseJson.Default.AccessApplication,
        cancellationToken);

    /// <summary>How an application stands, for the platform's admin.</summary>
    public Task<AccessApplication> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.AccessApplication, cancellationToken);

    /// <summary>All applications, newest first, for the platform's admin.</summary>
    /// <param name="status"><c>submitted</c>, <c>in_review</c>, <c>approved</c> or <c>rejected</c>; all unless told.</param>
    /// <param name="cancellationToken">Stops.</param>
    public IAsyncEnumerable<AccessApplication> ListAsync(string? status = null, CancellationToken cancellationToken = default) =>
        Page<AccessApplication>.WalkAsync((cursor, ct) => ListPageAsync(status, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the list.</summary>
    public Task<Page<AccessApplication>> ListPageAsync(
        string? status = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/applications").With("status", status).With("cursor", cursor).With("limit", limit).ToString(),
        CamelCaseJson.Default.PageAccessApplication, cancellationToken);

    /// <summary>Takes an application into review.</summary>
    public Task<AccessApplication> ReviewAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/review", null, CamelCaseJson.Default.AccessApplication, cancellationToken);

    /// <summary>
    /// Approves an application: makes the organization and its first user. <see cref="ApprovedApplication.ClaimUrl"/> is shown by this call
    /// alone.
    /// </summary>
    public Task<ApprovedApplication> ApproveAsync(
        string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/approve", null, CamelCaseJson.Default.ApprovedApplication, cancellationToken, idempotencyKey);

    /// <summary>Makes a new claim address in place of one that was lost or has expired.</summary>
    public Task<ApprovedApplication> RenewClaimAsync(
        string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/claim", null, CamelCaseJson.Default.ApprovedApplication, cancellationToken, idempotencyKey);

    /// <summary>Rejects an application and tells the applicant why.</summary>
    /// <param name="id">app_….</param>
    /// <param name="reason"><c>entity_not_verified</c>, <c>baa_invalid</c>, <c>partner_not_confirmed</c>, <c>duplicate</c> or
    /// <c>other</c>.</param>
    /// <param name="note">What the applicant is told beside it; required with <c>other</c>.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<AccessApplication> RejectAsync(
        string id, string reason, string? note = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/reject", JsonBody.Of(new RejectApplication(reason, note), CamelCaseJson.Default.RejectApplication),
        CamelCaseJson.Default.AccessApplication, cancellationToken);

    private static string Path(string id) => $"v1/applications/{Query.Segment(id)}";
}

/// <summary>An application for access.</summary>
/// <param name="OrganizationName">Legal name of the organization.</param>
/// <param name="Roles"><c>provider</c>, <c>consumer</c> or both.</param>
/// <param name="Contact">Who answers for it and gets the first key.</param>
/// <param name="Entity">The U.S. entity.</param>
/// <param name="Baa">The signed business associate agreement.</param>
/// <param name="Partner">With whom studies will be exchanged.</param>
public sealed record ApplyForAccess(
    string OrganizationName, IReadOnlyList<string> Roles, ApplicationContact Contact, LegalEntity Entity, SignedAgreement Baa,
    ApplicationPartner Partner);

/// <summary>Who answers for an application.</summary>
/// <param name="Name">Of a person.</param>
/// <param name="Email">Becomes the address of the first user.</param>
public sealed record ApplicationContact(string Name, string Email)
{
    /// <summary>Shows no person.</summary>
    public override string ToString() => "***";
}

/// <summary>A U.S. entity.</summary>
/// <param name="State">State of incorporation as its postal code, such as <c>DE</c>.</param>
/// <param name="Ein">Employer identification number, <c>12-3456789</c>.</param>
public sealed record LegalEntity(string State, string Ein)
{
    /// <summary>Shows no number.</summary>
    public override string ToString() => $"LegalEntity {{ State = {State} }}";
}

/// <summary>A signed business associate agreement.</summary>
/// <param name="SignedOn">The day of the signature.</param>
/// <param name="ValidUntil">Its last day.</param>
/// <param name="Sha256">Digest of the signed document.</param>
public sealed record SignedAgreement(DateOnly SignedOn, DateOnly ValidUntil, string Sha256);

/// <summary>With whom studies will be exchanged: give either an id or a name.</summary>
/// <param name="Id">An organization that takes part already.</param>
/// <param name="Name">Its name.</param>
public sealed record ApplicationPartner(string? Id = null, string? Name = null);

/// <summary>An application that was sent.</summary>
/// <param name="Id">app_….</param>
/// <param name="Status"><c>submitted</c>.</param>
/// <param name="StatusToken">Follows the application; shown here and never again.</param>
/// <param name="SubmittedAt">When it was sent.</param>
public sealed record SubmittedApplication(string Id, string Status, string StatusToken, DateTimeOffset SubmittedAt)
{
    /// <summary>Shows no token.</summary>
    public override string ToString() => $"SubmittedApplication {{ Id = {Id} }}";
}

/// <summary>How an application stands.</summary>
/// <param name="Id">app_….</param>
/// <param name="Status"><c>submitted</c>, <c>in_review</c>, <c>approved</c> or <c>rejected</c>.</param>
/// <param name="OrganizationName">Who applies.</param>
/// <param name="Roles">What it wants to be.</param>
/// <param name="Contact">Who answers for it; null once the evidence was shredded.</param>
/// <param name="State">State of incorporation.</param>
/// <param name="Ein">The last four digits of the employer identification number.</param>
/// <param name="Baa">The signed agreement.</param>
/// <param name="Partner">With whom studies will be exchanged.</param>
/// <param name="SubmittedAt">When it was sent.</param>
/// <param name="DecidedAt">When it was approved or rejected.</param>
/// <param name="RejectionReason">Why it was rejected.</param>
/// <param name="Note">What was said beside the reason.</param>
/// <param name="OrganizationId">The organization that was made.</param>
/// <param name="EvidenceShreddedAt">When the evidence of a rejected application was forgotten.</param>
public sealed record AccessApplication(
    string Id, string Status, string OrganizationName, IReadOnlyList<string> Roles, ApplicationContact? Contact, string State, string? Ein,
    SignedAgreement Baa,
    ApplicationPartner Partner, DateTimeOffset SubmittedAt, DateTimeOffset? DecidedAt, string? RejectionReason, string? Note,
    string? OrganizationId,
    DateTimeOffset? EvidenceShreddedAt);

/// <summary>An application that was approved.</summary>
/// <param name="Id">app_….</param>
/// <param name="Status"><c>approved</c>.</param>
/// <param name="OrganizationId">The organization that was made.</param>
/// <param name="UserId">Its first user.</param>
/// <param name="ClaimUrl">A page with a button that shows the first key: hand it over to the contact. Shown here and never again.</param>
/// <param name="ClaimExpiresAt">Until when it works.</param>
/// <param name="Mailed">Whether the contact gets it by mail too.</param>
public sealed record ApprovedApplication(
    string Id, string Status, string OrganizationId, string UserId, string ClaimUrl, DateTimeOffset ClaimExpiresAt, bool Mailed)
{
    /// <summary>Shows no address.</summary>
    public override string ToString() => $"ApprovedApplication {{ Id = {Id} }}";
}

internal sealed record RejectApplication(string Reason, string? Note);
