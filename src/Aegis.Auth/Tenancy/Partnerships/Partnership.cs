namespace Aegis.Auth.Tenancy.Partnerships;

internal enum PartnershipStatus { Proposed, Active, Suspended, Declined, Withdrawn }

internal enum SuspensionReason { Manual, BaaExpired }

/// <summary>
/// The agreement under which one consumer may request studies of one provider. One side proposes it with the last day of its business
/// associate agreement, and only the other side can approve it, with the last day of its agreement. <see cref="PartnershipsController"/>
/// receives the changes, and <see cref="UnknownPartners"/> limits proposals to organizations that do not exist.
/// <see cref="ReviewAgreementsJob"/> warns before an agreement expires and suspends the partnership after it. Other modules ask
/// <see cref="ActivePartnerships"/> whether two organizations may exchange studies today. Two changes at the same time fail on the
/// revision.
/// </summary>
internal sealed class Partnership : Entity
{
    private Partnership(string id, string consumerId, string providerId)
        : base(id)
    {
        ConsumerId = consumerId;
        ProviderId = providerId;
    }

    public string ConsumerId { get; private set; } = "";

    public string ProviderId { get; private set; } = "";

    public PartnershipStatus Status { get; private set; }

    /// <summary>The party that proposed it; the other one approves.</summary>
    public string ProposedBy { get; private set; } = "";

    /// <summary>The organization that suspended it. Only this organization or the platform can resume it.</summary>
    public string? SuspendedBy { get; private set; }

    public SuspensionReason? SuspensionReason { get; private set; }

    public DeidentificationPolicy Deidentification { get; private set; } = new();

    public DateTimeOffset CreatedAt { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    public static Partnership Propose(string id, Proposal proposal, DateTimeOffset now)
    {
        var partnership = new Partnership(id, proposal.ConsumerId, proposal.ProviderId) { CreatedAt = now };
        partnership.Apply(proposal);
        partnership.Raise(new PartnershipCreated(id, proposal.ConsumerId, proposal.ProviderId, partnership.Parties));
        return partnership;
    }

    /// <summary>Accepts a new proposal between the same two organizations, after the last one was declined or withdrawn.</summary>
    public void ProposeAgain(Proposal proposal)
    {
        if (Status is not (PartnershipStatus.Declined or PartnershipStatus.Withdrawn))
            throw Refuse.Conflict("partnership_exists", "This partnership or its proposal already exists. Read it by its 'id'.")
                .With("id", Id);

        Apply(proposal);
        Raise(new PartnershipProposedAgain(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Makes a proposed partnership active.</summary>
    /// <param name="by">The party that did not propose it.</param>
    /// <param name="baaUntil">The last day of that party's agreement.</param>
    /// <param name="today">Today in UTC.</param>
    public void Approve(string by, DateOnly baaUntil, DateOnly today)
    {
        RequireProposed();
        RequireOtherSide(by);
        if (BaaOf(ProposedBy) < today)
            throw Refuse.Conflict("baa_expired",
                "The agreement of the organization that proposed this has expired. Ask it to propose again with a valid agreement.");

        SetBaa(by, baaUntil);
        Status = PartnershipStatus.Active;
        Raise(new PartnershipApproved(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Declines the proposal of the other side.</summary>
    public void Decline(string by)
    {
        RequireProposed();
        RequireOtherSide(by);
        Status = PartnershipStatus.Declined;
        Raise(new PartnershipDeclined(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Withdraws the proposal of <paramref name="by"/>.</summary>
    public void Withdraw(string by)
    {
        RequireProposed();
        if (by != ProposedBy)
            throw Refuse.Forbidden("wrong_party", "Only the organization that proposed this can withdraw it. Decline it instead.");

        Status = PartnershipStatus.Withdrawn;
        Raise(new PartnershipWithdrawn(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Prevents new requests and opens until it is resumed.</summary>
    public void Suspend(Caller by)
    {
        if (Status is not PartnershipStatus.Active)
            throw Refuse.Conflict("partnership_not_active", "Only an active partnership can be suspended. Read its status first.");

        Suspend(by.OrganizationId, Partnerships.SuspensionReason.Manual);
    }

    /// <summary>
    /// Makes a suspended partnership active again. A partner cannot end the suspension of the other one. Nobody can resume a partnership
    /// while an agreement is expired.
    /// </summary>
    public void Resume(Caller by, DateOnly today)
    {
        if (Status is not PartnershipStatus.Suspended)
            throw Refuse.Conflict("partnership_not_suspended", "Only a suspended partnership can be resumed. Read its status first.");
        if (BaaUntil < today)
            throw Refuse.Conflict("baa_expired",
                "The agreement of a party has expired. The partnership becomes active when that party renews it.");
        if (SuspendedBy != by.OrganizationId && !by.IsPlatformAdmin)
            throw Refuse.Forbidden("suspended_by_other",
                "Another organization suspended this partnership. Ask it, or the platform, to resume it.");

        Resume();
    }

    private void Apply(Proposal proposal)
    {
        Status = PartnershipStatus.Proposed;
        ProposedBy = proposal.By;
        Deidentification = proposal.Deidentification;
        ConsumerBaaUntil = ProviderBaaUntil = null;
        SetBaa(proposal.By, proposal.BaaUntil);
    }

    private void Suspend(string by, SuspensionReason reason)
    {
        Status = PartnershipStatus.Suspended;
        SuspendedBy = by;
        SuspensionReason = reason;
        Raise(new PartnershipSuspended(
            Id, ConsumerId, ProviderId, Parties, reason is Partnerships.SuspensionReason.BaaExpired ? "baa_expired" : "manual"));
    }

    private void Resume()
    {
        Status = PartnershipStatus.Active;
        SuspendedBy = null;
        SuspensionReason = null;
        Raise(new PartnershipResumed(Id, ConsumerId, ProviderId, Parties));
    }

    private void RequireProposed()
    {
        if (Status is not PartnershipStatus.Proposed)
            throw Refuse.Conflict("partnership_not_proposed",
                "Only a proposed partnership can be approved, declined or withdrawn. Read its status first.");
    }

    private void RequireOtherSide(string by)
    {
        if (by == ProposedBy || !Parties.Contains(by))
            throw Refuse.Forbidden("wrong_party",
                "Only the organization that received this proposal can approve or decline it. Its proposer and the platform cannot.");
    }

    /// <summary>How many days before the end the parties are warned, the largest first.</summary>
    public static readonly IReadOnlyList<int> WarningDays = [30, 7, 1];

    private const int NotWarned = int.MaxValue;

    /// <summary>Last day, in UTC, of the consumer's business associate agreement.</summary>
    public DateOnly? ConsumerBaaUntil { get; private set; }

    /// <summary>Last day, in UTC, of the provider's business associate agreement.</summary>
    public DateOnly? ProviderBaaUntil { get; private set; }

    /// <summary>The earlier of the two days, or null while one is missing.</summary>
    public DateOnly? BaaUntil { get; private set; }

    /// <summary>The last of <see cref="WarningDays"/> for which a warning was raised for <see cref="BaaUntil"/>.</summary>
    public int WarnedDays { get; private set; } = NotWarned;

    /// <summary>Extends the agreement of a party, and ends the suspension that its expiry caused.</summary>
    /// <param name="by">The party whose agreement it is.</param>
    /// <param name="until">Its new last day. The same day again changes nothing.</param>
    /// <param name="today">Today in UTC.</param>
    public void Renew(string by, DateOnly until, DateOnly today)
    {
        if (!Parties.Contains(by)) throw Refuse.Forbidden("wrong_party", "Only a party of the partnership can renew its own agreement.");
        if (Status is not (PartnershipStatus.Active or PartnershipStatus.Suspended))
            throw Refuse.Conflict("partnership_not_approved",
                "An agreement can be renewed only after both sides have approved the partnership.");
        if (until < BaaOf(by))
            throw Refuse.Conflict("baa_not_forward", $"Your agreement ends on {BaaOf(by):yyyy-MM-dd}. Send that day or a later one.")
                .With("until", BaaOf(by));
        if (until == BaaOf(by)) return;

        SetBaa(by, until);
        Raise(new PartnershipBaaRenewed(Id, by, until, Parties));
        if (SuspensionReason is Partnerships.SuspensionReason.BaaExpired && BaaUntil >= today) Resume();
    }

    /// <summary>
    /// Suspends the partnership when an agreement has expired, otherwise warns when its end is near. False when nothing is due.
    /// </summary>
    /// <param name="now">The current time; its day in UTC is used.</param>
    public bool Review(DateTimeOffset now)
    {
        if (Status is not PartnershipStatus.Active || BaaUntil is not { } until) return false;

        var daysLeft = until.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        if (daysLeft < 0)
        {
            Suspend(Caller.Platform, Partnerships.SuspensionReason.BaaExpired);
            return true;
        }

        // If several warnings were missed, only the one closest to the end is raised.
        var due = WarningDays.LastOrDefault(days => daysLeft <= days, NotWarned);
        if (due >= WarnedDays) return false;
        WarnedDays = due;
        Raise(new PartnershipBaaExpiring(Id, ConsumerId, ProviderId, until, daysLeft, [.. Parties.Where(p => BaaOf(p) == until)], Parties));
        return true;
    }

    private DateOnly? BaaOf(string party) => party == ConsumerId ? ConsumerBaaUntil : ProviderBaaUntil;

    private void SetBaa(string party, DateOnly until)
    {
        if (party == ConsumerId) ConsumerBaaUntil = until;
        else ProviderBaaUntil = until;

        var earlier = ConsumerBaaUntil < ProviderBaaUntil ? ConsumerBaaUntil : ProviderBaaUntil;
        if (ConsumerBaaUntil is null || ProviderBaaUntil is null) earlier = null;
        if (earlier != BaaUntil) WarnedDays = NotWarned;
        BaaUntil = earlier;
    }
}

/// <summary>A proposal of one side to the other.</summary>
/// <param name="ConsumerId">The organization that will request studies.</param>
/// <param name="ProviderId">The organization that will send them.</param>
/// <param name="By">The one of the two that proposes.</param>
/// <param name="BaaUntil">Last day of the proposer's business associate agreement.</param>
/// <param name="Deidentification">How studies will be de-identified.</param>
internal sealed record Proposal(
    string ConsumerId, string ProviderId, string By, DateOnly BaaUntil, DeidentificationPolicy Deidentification);

internal sealed class PartnershipMap : IEntityTypeConfiguration<Partnership>
{
    public void Configure(EntityTypeBuilder<Partnership> e)
    {
        e.ToTable("partnerships");
        e.Property(x => x.ProposedBy).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.SuspendedBy).HasMaxLength(Ids.MaxLength);
        e.ComplexProperty(x => x.Deidentification);
        e.HasIndex(x => new { x.ConsumerId, x.ProviderId }).IsUnique();
        e.HasIndex(x => x.ProviderId);
        e.HasIndex(x => new { x.Status, x.BaaUntil });
    }
}
