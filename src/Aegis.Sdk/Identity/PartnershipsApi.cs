namespace Aegis.Sdk.Identity;

/// <summary>Partnerships: who may request studies from whom, under which agreements and with which de-identification.</summary>
public sealed class PartnershipsApi
{
    private readonly Caller caller;

    internal PartnershipsApi(Caller caller) => this.caller = caller;

    /// <summary>Partnerships of your organization, newest first. The platform's admin sees all.</summary>
    public IAsyncEnumerable<Partnership> ListAsync(CancellationToken cancellationToken = default) =>
        Page<Partnership>.WalkAsync((cursor, ct) => ListPageAsync(cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the list.</summary>
    public Task<Page<Partnership>> ListPageAsync(
        string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/partnerships").With("cursor", cursor).With("limit", limit).ToString(), CamelCaseJson.Default.PagePartnership,
        cancellationToken);

    /// <summary>One partnership.</summary>
    public Task<Partnership> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.Partnership, cancellationToken);

    /// <summary>Proposes a partnership. It begins when the other side approves it.</summary>
    /// <param name="proposal">The partner and your role.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<Partnership> ProposeAsync(
        ProposePartnership proposal, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/partnerships", JsonBody.Of(proposal, CamelCaseJson.Default.ProposePartnership), CamelCaseJson.Default.Partnership,
        cancellationToken, idempotencyKey);

    /// <summary>Approves a proposal of the other side.</summary>
    /// <param name="id">prt_….</param>
    /// <param name="baaUntil">Last day, in UTC, of your business associate agreement.</param>
    /// <param name="ifMatch">The ETag of what you read, so that you approve the de-identification that you saw.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<Partnership> ApproveAsync(
        string id, DateOnly baaUntil, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/approve", JsonBody.Of(new ApprovePartnership(baaUntil), CamelCaseJson.Default.ApprovePartnership),
        CamelCaseJson.Default.Partnership, cancellationToken, ifMatch: ifMatch);

    /// <summary>Declines a proposal of the other side.</summary>
    public Task<Partnership> DeclineAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "decline", ifMatch, cancellationToken);

    /// <summary>Withdraws your proposal.</summary>
    public Task<Partnership> WithdrawAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "withdraw", ifMatch, cancellationToken);

    /// <summary>Suspends a partnership: nothing can be requested or opened until it is resumed. Running downloads are cut.</summary>
    public Task<Partnership> SuspendAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "suspend", ifMatch, cancellationToken);

    /// <summary>Lifts your suspension.</summary>
    public Task<Partnership> ResumeAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        MoveAsync(id, "resume", ifMatch, cancellationToken);

    /// <summary>Renews your business associate agreement.</summary>
    /// <param name="id">prt_….</param>
    /// <param name="until">Its last day, in UTC.</param>
    /// <param name="ifMatch">The ETag of what you read; another state is refused.</param>
    /// <param name="cancellationToken">Cancels.</param>
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
/// <param name="ConsumerId">The organization that may request studies.</param>
/// <param name="ProviderId">The organization that provides them.</param>
/// <param name="Status"><c>proposed</c>, <c>active</c>, <c>suspended</c>, <c>declined</c> or <c>withdrawn</c>.</param>
/// <param name="ProposedBy">The organization that proposed it; the other one approves.</param>
/// <param name="SuspendedBy">The organization that suspended it.</param>
/// <param name="SuspensionReason"><c>manual</c> or <c>baa_expired</c>.</param>
/// <param name="ConsumerBaaUntil">Last day of the consumer's agreement.</param>
/// <param name="ProviderBaaUntil">Last day of the provider's agreement.</param>
/// <param name="Deidentification">How its studies are de-identified.</param>
/// <param name="CreatedAt">When it was proposed.</param>
public sealed record Partnership(
    string Id, string ConsumerId, string ProviderId, string Status, string ProposedBy, string? SuspendedBy, string? SuspensionReason,
    DateOnly? ConsumerBaaUntil, DateOnly? ProviderBaaUntil, DeidentificationOptions Deidentification, DateTimeOffset CreatedAt) : Revised;

/// <summary>Options of DICOM PS3.15 annex E. Without any of them the basic profile applies.</summary>
public sealed record DeidentificationOptions
{
    /// <summary>What happens to dates: <c>remove</c>, <c>year</c> or <c>shift</c>.</summary>
    public string Dates { get; init; } = "remove";

    /// <summary>Keeps descriptors whose words a reviewed list allows.</summary>
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

/// <summary>A partnership to propose.</summary>
/// <param name="PartnerId">The other organization.</param>
/// <param name="As">Your organization's role: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="BaaUntil">Last day, in UTC, of your business associate agreement.</param>
public sealed record ProposePartnership(string PartnerId, string As, DateOnly BaaUntil)
{
    /// <summary>How its studies are de-identified; default the basic profile.</summary>
    public DeidentificationOptions? Deidentification { get; init; }
}

internal sealed record ApprovePartnership(DateOnly BaaUntil);

internal sealed record RenewAgreement(DateOnly Until);
