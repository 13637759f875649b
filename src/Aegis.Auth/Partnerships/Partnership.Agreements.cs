namespace Aegis.Auth.Partnerships;

/// <summary>What the business associate agreements of both sides allow, day by day in UTC.</summary>
internal sealed partial class Partnership
{
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
