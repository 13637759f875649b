namespace Aegis.Sdk.Identity;

/// <summary>Partnerships: who may ask whom for studies, under which agreements and with which de-identification.</summary>
public sealed class PartnershipsApi
{
    private readonly Caller caller;

    internal PartnershipsApi(Caller caller) => this.caller = caller;

    /// <summary>Partnerships of the own organization, newest first; the platform's admin sees all.</summary>
    public IAsyncEnumerable<Partnership> ListAsync(CancellationToken cancellationToken = default) =>
        Page<Partnership>.WalkAsync((cursor, ct) => ListPageAsync(cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the list.</summary>
    public Task<Page<Partnership>> ListPageAsync(
        string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/partnerships").With("cursor", cursor).With("limit", limit).ToString(), CamelCaseJson.Default.PagePartnership,
        cancellationToken);

    /// <summary>One partnership.</summary>
    public Task<Partnership> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.Partnership, cancellationToken);

    /// <summary>Proposes a partnership. It begins when the other side approves it.</summary>
    /// <param name="proposal">With whom, and as what.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<Partnership> ProposeAsync(
        ProposePartnership proposal, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/partnerships", JsonBody.Of(proposal, CamelCaseJson.Default.ProposePartnership), CamelCaseJson.Default.Partnership,
        cancellationToken, idempotencyKey);

    /// <summary>Approves what the other side proposed.</summary>
    /// <param name="id">prt_….</param>
    /// <param name="baaUntil">Last day, in UTC, of the own business associate agreement.</param>
    /// <param name="ifMatch">The ETag of what was read, so that you approve the de-identification that you saw.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<Partnership> ApproveAsync(
        string id, DateOnly baaUntil, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/approve", JsonBody.Of(new ApprovePartnership(baaUntil), CamelCaseJson.Default.ApprovePartnership),
        CamelCaseJson.Default.Partnership, cancellationToken, ifMatch: ifMatch);

    /// <summary>Declines what the other side proposed.</summary>
    public Task<Partnership> DeclineAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "decline", ifMatch, cancellationToken);

    /// <summary>Takes the own proposal back.</summary>
    public Task<Partnership> WithdrawAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "withdraw", ifMatch, cancellationToken);

    /// <summary>Lets nothing be asked for or opened until it is resumed. Running downloads are cut.</summary>
    public Task<Partnership> SuspendAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "suspend", ifMatch, cancellationToken);

    /// <summary>Lifts the own suspension.</summary>
    public Task<Partnership> ResumeAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "resume", ifMatch, cancellationToken);

    /// <summary>Renews the own business associate agreement.</summary>
    /// <param name="id">prt_….</param>
    /// <param name="until">Its last day, in UTC.</param>
    /// <param name="ifMatch">The ETag of what was read; another state is refused.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<Partnership> RenewAgreementAsync(
        string id, DateOnly until, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PutAsync(
        $"{Path(id)}/baa", JsonBody.Of(new RenewAgreement(until), CamelCaseJson.Default.RenewAgreement), CamelCaseJson.Default.Partnership,
        cancellationToken, ifMatch);

    private Task<Partnership> MoveAsync(string id, string verb, string? ifMatch, CancellationToken ct) =>
        caller.PostAsync($"{Path(id)}/{verb}", null, CamelCaseJson.Default.Partnership, ct, ifMatch: ifMatch);

    private static string Path(string id) => $"v1/partnerships/{Query.Segment(id)}";
}

/// <summary>A partnership.</summary>
/// <param name="Id">prt_….</param>
/// <param name="ConsumerId">Who may ask for studies.</param>
/// <param name="ProviderId">Who is asked.</param>
/// <param name="Status"><c>proposed</c>, <c>active</c>, <c>suspended</c>, <c>declined</c> or <c>withdrawn</c>.</param>
/// <param name="ProposedBy">Who proposed it; the other one approves.</param>
/// <param name="SuspendedBy">Who suspended it.</param>
/// <param name="SuspensionReason"><c>manual</c> or <c>baa_expired</c>.</param>
/// <param name="ConsumerBaaUntil">Last day of the consumer's agreement.</param>
/// <param name="ProviderBaaUntil">Last day of the provider's agreement.</param>
/// <param name="Deidentification">How studies are de-identified under it.</param>
/// <param name="CreatedAt">When it was proposed.</param>
public sealed record Partnership(
    string Id, string ConsumerId, string ProviderId, string Status, string ProposedBy, string? SuspendedBy, string? SuspensionReason,
    DateOnly? ConsumerBaaUntil, DateOnly? ProviderBaaUntil, DeidentificationOptions Deidentification, DateTimeOffset CreatedAt) : Revised;

/// <summary>Options of DICOM PS3.15 annex E; none of them is the basic profile.</summary>
public sealed record DeidentificationOptions
{
    /// <summary>What happens to dates: <c>remove</c>, <c>year</c> or <c>shift</c>.</summary>
    public string Dates { get; init; } = "remove";

    /// <summary>Keeps descriptors that a reviewed list allows.</summary>
    public bool CleanDescriptors { get; init; }

    /// <summary>Keeps device identity.</summary>
    public bool RetainDevice { get; init; }

    /// <summary>Keeps age, sex, size and weight.</summary>
    public bool RetainPatientCharacteristics { get; init; }

    /// <summary>Keeps UIDs.</summary>
    public bool RetainUids { get; init; }

    /// <summary>Keeps private attributes that are known to be safe.</summary>
    public bool RetainSafePrivate { get; init; }

    /// <summary>Keeps institution identity.</summary>
    public bool RetainInstitution { get; init; }
}

/// <summary>A partnership to be proposed.</summary>
/// <param name="PartnerId">The other organization.</param>
/// <param name="As">What the own organization is in it: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="BaaUntil">Last day, in UTC, of the own business associate agreement.</param>
public sealed record ProposePartnership(string PartnerId, string As, DateOnly BaaUntil)
{
    /// <summary>How studies are de-identified under it; the basic profile unless told.</summary>
    public DeidentificationOptions? Deidentification { get; init; }
}

internal sealed record ApprovePartnership(DateOnly BaaUntil);

internal sealed record RenewAgreement(DateOnly Until);
