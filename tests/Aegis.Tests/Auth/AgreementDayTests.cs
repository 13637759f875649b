using Aegis.Auth.Tenancy.Partnerships;
using Aegis.Contracts.Identity;

namespace Aegis.Tests.Auth;

/// <summary>When the days of an agreement start and end, to the tick.</summary>
public sealed class AgreementDayTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_agreement_ends_exactly_at_midnight_UTC()
    {
        var midnight = new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero);
        var partnership = Agreed(until: new DateOnly(2026, 3, 10));

        partnership.Review(midnight.AddTicks(-1));
        partnership.Status.Should().Be(PartnershipStatus.Active);
        partnership.Review(midnight).Should().BeTrue();
        partnership.Status.Should().Be(PartnershipStatus.Suspended);
        partnership.Review(midnight.AddTicks(1)).Should().BeFalse("it is already suspended");
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_warning_is_due_exactly_30_days_before_the_end(int ticks, bool due)
    {
        var until = new DateOnly(2026, 5, 10);
        var thirtyDaysBefore = new DateTimeOffset(2026, 4, 10, 0, 0, 0, TimeSpan.Zero);

        var partnership = Agreed(until);

        partnership.Review(thirtyDaysBefore.AddTicks(ticks)).Should().Be(due);
        partnership.Review(thirtyDaysBefore.AddTicks(ticks)).Should().BeFalse("the warning was raised before");
    }

    [Fact]
    public void A_proposal_with_an_expired_agreement_cannot_be_approved()
    {
        var proposal = new Proposal("cons_1", "prov_1", "cons_1", new DateOnly(2026, 3, 10), new DeidentificationPolicy());
        var partnership = Partnership.Propose("prt_1", proposal, Start);

        var late = () => partnership.Approve("prov_1", new DateOnly(2027, 1, 1), today: new DateOnly(2026, 3, 11));

        late.Should().Throw<Kernel.Web.Refusals.RefusedException>().Which.Code.Should().Be("baa_expired");
    }

    private static Partnership Agreed(DateOnly until)
    {
        var partnership =
            Partnership.Propose("prt_1", new Proposal("cons_1", "prov_1", "cons_1", until, new DeidentificationPolicy()), Start);
        partnership.Approve("prov_1", until.AddYears(1), today: DateOnly.FromDateTime(Start.UtcDateTime));
        return partnership;
    }
}
