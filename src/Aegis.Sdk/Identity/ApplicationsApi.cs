namespace Aegis.Sdk.Identity;

/// <summary>Applications for access. Anybody can submit and follow one; the platform's admin reviews them.</summary>
public sealed class ApplicationsApi
{
    private readonly Caller caller;

    internal ApplicationsApi(Caller caller) => this.caller = caller;

    /// <summary>Applies for access. No key is needed.</summary>
    /// <param name="application">The applicant, with evidence.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<SubmittedApplication> SubmitAsync(
        ApplyForAccess application, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Post, "v1/applications", JsonBody.Of(application, CamelCaseJson.Default.ApplyForAccess))
        {
            IsAnonymous = true,
            IdempotencyKey = idempotencyKey ?? Caller.NewKey()
        },
        CamelCaseJson.Default.SubmittedApplication, cancellationToken);

    /// <summary>The state of an application, for the applicant.</summary>
    /// <param name="id">app_….</param>
    /// <param name="statusToken"><see cref="SubmittedApplication.StatusToken"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<AccessApplication> FollowAsync(
        string id, string statusToken, CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Get, Path(id)) { IsAnonymous = true, StatusToken = statusToken }, CamelCaseJson.Default.AccessApplication,
        cancellationToken);

    /// <summary>The state of an application, for the platform's admin.</summary>
    public Task<AccessApplication> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.AccessApplication, cancellationToken);

    /// <summary>All applications, newest first, for the platform's admin.</summary>
    /// <param name="status"><c>submitted</c>, <c>in_review</c>, <c>approved</c> or <c>rejected</c>; default all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public IAsyncEnumerable<AccessApplication> ListAsync(string? status = null, CancellationToken cancellationToken = default) =>
        Page<AccessApplication>.WalkAsync((cursor, ct) => ListPageAsync(status, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the list.</summary>
    public Task<Page<AccessApplication>> ListPageAsync(
        string? status = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/applications").With("status", status).With("cursor", cursor).With("limit", limit).ToString(),
        CamelCaseJson.Default.PageAccessApplication, cancellationToken);

    /// <summary>Starts the review of an application.</summary>
    public Task<AccessApplication> ReviewAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/review", null, CamelCaseJson.Default.AccessApplication, cancellationToken);

    /// <summary>
    /// Approves an application and creates the organization with its first user. Only this answer shows
    /// <see cref="ApprovedApplication.ClaimUrl"/>.
    /// </summary>
    public Task<ApprovedApplication> ApproveAsync(
        string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/approve", null, CamelCaseJson.Default.ApprovedApplication, cancellationToken, idempotencyKey);

    /// <summary>Creates a new claim address when the old one was lost or has expired.</summary>
    public Task<ApprovedApplication> RenewClaimAsync(
        string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/claim", null, CamelCaseJson.Default.ApprovedApplication, cancellationToken, idempotencyKey);

    /// <summary>Rejects an application and tells the applicant the reason.</summary>
    /// <param name="id">app_….</param>
    /// <param name="reason"><c>entity_not_verified</c>, <c>baa_invalid</c>, <c>partner_not_confirmed</c>, <c>duplicate</c> or
    /// <c>other</c>.</param>
    /// <param name="note">A message for the applicant; required with <c>other</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<AccessApplication> RejectAsync(
        string id, string reason, string? note = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/reject", JsonBody.Of(new RejectApplication(reason, note), CamelCaseJson.Default.RejectApplication),
        CamelCaseJson.Default.AccessApplication, cancellationToken);

    private static string Path(string id) => $"v1/applications/{Query.Segment(id)}";
}

/// <summary>An application for access.</summary>
/// <param name="OrganizationName">Legal name of the organization.</param>
/// <param name="Roles"><c>provider</c>, <c>consumer</c> or both.</param>
/// <param name="Contact">The responsible person, who gets the first key.</param>
/// <param name="Entity">The U.S. entity.</param>
/// <param name="Baa">The signed business associate agreement.</param>
/// <param name="Partner">The organization to exchange studies with.</param>
public sealed record ApplyForAccess(
    string OrganizationName, IReadOnlyList<string> Roles, ApplicationContact Contact, LegalEntity Entity, SignedAgreement Baa,
    ApplicationPartner Partner);

/// <summary>The person responsible for an application.</summary>
/// <param name="Name">Name of the person.</param>
/// <param name="Email">Becomes the email address of the first user.</param>
public sealed record ApplicationContact(string Name, string Email)
{
    /// <summary>Does not show the person.</summary>
    public override string ToString() => "***";
}

/// <summary>A U.S. entity.</summary>
/// <param name="State">State of incorporation as its postal code, such as <c>DE</c>.</param>
/// <param name="Ein">Employer identification number, <c>12-3456789</c>.</param>
public sealed record LegalEntity(string State, string Ein)
{
    /// <summary>Does not show the number.</summary>
    public override string ToString() => $"LegalEntity {{ State = {State} }}";
}

/// <summary>A signed business associate agreement.</summary>
/// <param name="SignedOn">Day of the signature.</param>
/// <param name="ValidUntil">Last day of validity.</param>
/// <param name="Sha256">Digest of the signed document.</param>
public sealed record SignedAgreement(DateOnly SignedOn, DateOnly ValidUntil, string Sha256);

/// <summary>The organization to exchange studies with. Give either an id or a name.</summary>
/// <param name="Id">Id of an organization that already takes part.</param>
/// <param name="Name">Its name.</param>
public sealed record ApplicationPartner(string? Id = null, string? Name = null);

/// <summary>A submitted application.</summary>
/// <param name="Id">app_….</param>
/// <param name="Status"><c>submitted</c>.</param>
/// <param name="StatusToken">Needed to follow the application. It is not shown again.</param>
/// <param name="SubmittedAt">When it was submitted.</param>
public sealed record SubmittedApplication(string Id, string Status, string StatusToken, DateTimeOffset SubmittedAt)
{
    /// <summary>Does not show the token.</summary>
    public override string ToString() => $"SubmittedApplication {{ Id = {Id} }}";
}

/// <summary>The state of an application.</summary>
/// <param name="Id">app_….</param>
/// <param name="Status"><c>submitted</c>, <c>in_review</c>, <c>approved</c> or <c>rejected</c>.</param>
/// <param name="OrganizationName">The applicant.</param>
/// <param name="Roles">The roles it applies for.</param>
/// <param name="Contact">The responsible person; null after the evidence was shredded.</param>
/// <param name="State">State of incorporation.</param>
/// <param name="Ein">The last four digits of the employer identification number.</param>
/// <param name="Baa">The signed agreement.</param>
/// <param name="Partner">The organization to exchange studies with.</param>
/// <param name="SubmittedAt">When it was submitted.</param>
/// <param name="DecidedAt">When it was approved or rejected.</param>
/// <param name="RejectionReason">Why it was rejected.</param>
/// <param name="Note">The message to the applicant.</param>
/// <param name="OrganizationId">The organization that was created.</param>
/// <param name="EvidenceShreddedAt">When the evidence of a rejected application was shredded.</param>
public sealed record AccessApplication(
    string Id, string Status, string OrganizationName, IReadOnlyList<string> Roles, ApplicationContact? Contact, string State, string? Ein,
    SignedAgreement Baa,
    ApplicationPartner Partner, DateTimeOffset SubmittedAt, DateTimeOffset? DecidedAt, string? RejectionReason, string? Note,
    string? OrganizationId,
    DateTimeOffset? EvidenceShreddedAt);

/// <summary>An approved application.</summary>
/// <param name="Id">app_….</param>
/// <param name="Status"><c>approved</c>.</param>
/// <param name="OrganizationId">The organization that was created.</param>
/// <param name="UserId">Its first user.</param>
/// <param name="ClaimUrl">A page that shows the first key. Give its address to the contact. It is not shown again.</param>
/// <param name="ClaimExpiresAt">When the address expires.</param>
/// <param name="Mailed">Whether the contact also gets the address by mail.</param>
public sealed record ApprovedApplication(
    string Id, string Status, string OrganizationId, string UserId, string ClaimUrl, DateTimeOffset ClaimExpiresAt, bool Mailed)
{
    /// <summary>Does not show the address.</summary>
    public override string ToString() => $"ApprovedApplication {{ Id = {Id} }}";
}

internal sealed record RejectApplication(string Reason, string? Note);
