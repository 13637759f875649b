namespace Aegis.Auth.Tenancy.Partnerships;

internal enum PartnershipStatus { Proposed, Active, Suspended, Declined, Withdrawn }

internal enum SuspensionReason { Manual, BaaExpired }

/// <summary>
/// The agreement under which one consumer may ask one provider for studies. One side proposes it with the last day of its business
/// associate agreement, the other side approves it with its own; nobody else can.
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

    /// <summary>The organization that suspended it; only that one or the platform lifts the suspension.</summary>
    public string? SuspendedBy { get; private set; }

    public SuspensionReason? SuspensionReason { get; private set; }

    public DeidentificationPolicy Deidentification { get; private set; } = new();

    public DateTimeOffset CreatedAt { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    public static Partnership Propose(string id, Proposal proposal, DateTimeOffset now)
    {
        var partnership = new Partnership(id, proposal.ConsumerId, proposal.ProviderId) { CreatedAt = now };
        partnership.Take(proposal);
        partnership.Raise(new PartnershipCreated(id, proposal.ConsumerId, proposal.ProviderId, partnership.Parties));
        return partnership;
    }

    /// <summary>Takes a new proposal of the same two, after the last one came to nothing.</summary>
    public void ProposeAgain(Proposal proposal)
    {
        if (Status is not (PartnershipStatus.Declined or PartnershipStatus.Withdrawn))
            throw Refuse.Conflict("partnership_exists", "You have this partnership, or its proposal, already. Read it under 'id'.")
                .With("id", Id);

        Take(proposal);
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
                "The agreement of the organization that proposed this has expired. Ask it to propose again with a valid one.");

        SetBaa(by, baaUntil);
        Status = PartnershipStatus.Active;
        Raise(new PartnershipApproved(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Turns the other side's proposal down.</summary>
    public void Decline(string by)
    {
        RequireProposed();
        RequireOtherSide(by);
        Status = PartnershipStatus.Declined;
        Raise(new PartnershipDeclined(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Takes the own proposal back.</summary>
    public void Withdraw(string by)
    {
        RequireProposed();
        if (by != ProposedBy)
            throw Refuse.Forbidden("wrong_party", "Only the organization that proposed this can withdraw it. You can decline it.");

        Status = PartnershipStatus.Withdrawn;
        Raise(new PartnershipWithdrawn(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Stops new requests and opens until it is resumed.</summary>
    public void Suspend(Caller by)
    {
        if (Status is not PartnershipStatus.Active)
            throw Refuse.Conflict("partnership_not_active", "Only an active partnership can be suspended.");

        Suspend(by.OrganizationId, Partnerships.SuspensionReason.Manual);
    }

    /// <summary>
    /// Makes a suspended partnership active again. A partner cannot lift the other one's suspension, and nobody that of the calendar.
    /// </summary>
    public void Resume(Caller by, DateOnly today)
    {
        if (Status is not PartnershipStatus.Suspended)
            throw Refuse.Conflict("partnership_not_suspended", "Only a suspended partnership can be resumed.");
        if (BaaUntil < today)
            throw Refuse.Conflict("baa_expired", "The agreement of a party has expired. It is resumed when that party renews it.");
        if (SuspendedBy != by.OrganizationId && !by.IsPlatformAdmin)
            throw Refuse.Forbidden("suspended_by_other",
                "Another organization suspended this partnership. Ask it, or the platform, to resume it.");

        Resume();
    }

    private void Take(Proposal proposal)
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
            throw Refuse.Conflict("partnership_not_proposed", "Only a proposed partnership can be approved, declined or withdrawn.");
    }

    private void RequireOtherSide(string by)
    {
        if (by == ProposedBy || !Parties.Contains(by))
            throw Refuse.Forbidden("wrong_party",
                "Only the organization that this was proposed to can answer. Neither its proposer nor the platform can.");
    }

    /// <summary>Days before the end at which the parties are warned, the longest first.</summary>
    public static readonly IReadOnlyList<int> WarningDays = [30, 7, 1];

    private const int NotWarned = int.MaxValue;

    /// <summary>Last day, in UTC, of the consumer's business associate agreement.</summary>
    public DateOnly? ConsumerBaaUntil { get; private set; }

    /// <summary>Last day, in UTC, of the provider's business associate agreement.</summary>
    public DateOnly? ProviderBaaUntil { get; private set; }

    /// <summary>The earlier of both, once there are both.</summary>
    public DateOnly? BaaUntil { get; private set; }

    /// <summary>The last of <see cref="WarningDays"/> that was warned of for <see cref="BaaUntil"/>.</summary>
    public int WarnedDays { get; private set; } = NotWarned;

    /// <summary>Moves the end of the own agreement forward, and lifts the suspension that its lapse brought.</summary>
    /// <param name="by">The party whose agreement it is.</param>
    /// <param name="until">Its last day now; the same day again changes nothing.</param>
    /// <param name="today">Today in UTC.</param>
    public void Renew(string by, DateOnly until, DateOnly today)
    {
        if (!Parties.Contains(by)) throw Refuse.Forbidden("wrong_party", "Only a party of the partnership can renew its own agreement.");
        if (Status is not (PartnershipStatus.Active or PartnershipStatus.Suspended))
            throw Refuse.Conflict("partnership_not_approved", "An agreement is renewed once both sides have approved the partnership.");
        if (until < BaaOf(by))
            throw Refuse.Conflict("baa_not_forward", $"Your agreement ends on {BaaOf(by):yyyy-MM-dd}; it can only be moved forward.")
                .With("until", BaaOf(by));
        if (until == BaaOf(by)) return;

        SetBaa(by, until);
        Raise(new PartnershipBaaRenewed(Id, by, until, Parties));
        if (SuspensionReason is Partnerships.SuspensionReason.BaaExpired && BaaUntil >= today) Resume();
    }

    /// <summary>
    /// Suspends the partnership when an agreement has lapsed, else warns when its end is near. False when nothing is due.
    /// </summary>
    /// <param name="now">The time; its day in UTC counts.</param>
    public bool Review(DateTimeOffset now)
    {
        if (Status is not PartnershipStatus.Active || BaaUntil is not { } until) return false;

        var daysLeft = until.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        if (daysLeft < 0)
        {
            Suspend(Caller.Platform, Partnerships.SuspensionReason.BaaExpired);
            return true;
        }

        // Of several that were missed the nearest is said, once.
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

/// <summary>What one side proposes to the other.</summary>
/// <param name="ConsumerId">Who shall ask for studies.</param>
/// <param name="ProviderId">Who shall be asked.</param>
/// <param name="By">Which of them proposes.</param>
/// <param name="BaaUntil">Last day of the proposer's business associate agreement.</param>
/// <param name="Deidentification">How studies shall be de-identified.</param>
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
