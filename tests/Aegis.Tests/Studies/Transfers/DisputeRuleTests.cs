using Aegis.Studies.Transfers;
using Aegis.Studies.Windows;

namespace Aegis.Tests.Studies.Transfers;

public sealed class DisputeRuleTests
{
    private const long Size = 1_000;
    private static readonly string Sha256 = new('a', 64);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset ReviewAt = Start + Window.Default + Window.Grace;

    [Fact]
    public void A_correct_receipt_is_not_disputed()
    {
        var transfer = Opened();

        transfer.Acknowledge(4, Size, Sha256, servedAtMost: Size, Start);

        transfer.Disputed.Should().BeFalse();
    }

    [Theory]
    [InlineData(3, Size, 'a', "ReceiptDiffers")]
    [InlineData(4, Size, 'b', "ReceiptDiffers")]
    [InlineData(4, Size + 1, 'a', "ReceiptExceedsServed")]
    public void A_receipt_that_differs_or_claims_too_much_is_disputed(int instances, long bytes, char digest, string ground)
    {
        var transfer = Opened();

        transfer.Acknowledge(instances, bytes, new string(digest, 64), servedAtMost: Size, Start);

        transfer.Disputes.Should().ContainSingle().Which.Ground.ToString().Should().Be(ground);
    }

    [Fact]
    public void The_same_receipt_may_be_repeated_but_not_changed()
    {
        var transfer = Opened();
        transfer.Acknowledge(4, Size, Sha256, Size, Start);

        transfer.Acknowledge(4, Size, Sha256, Size, Start).Should().BeFalse();
        TransferStateTests.Code(() => transfer.Acknowledge(5, Size, Sha256, Size, Start)).Should().Be("already_acknowledged");
    }

    [Fact]
    public void Egress_beyond_three_times_the_study_for_each_view_is_disputed_once()
    {
        var transfer = Opened();
        transfer.CheckEgress(3 * Size, Start).Should().BeFalse();
        transfer.View(Start, Start);
        transfer.View(Start.AddHours(1), Start.AddHours(1));
        transfer.CheckEgress(6 * Size, Start).Should().BeFalse();

        transfer.CheckEgress((6 * Size) + 1, Start).Should().BeTrue();
        transfer.CheckEgress(100 * Size, Start).Should().BeFalse();
        transfer.Disputes.Should().ContainSingle().Which.Ground.Should().Be(DisputeGround.ExcessEgress);
    }

    [Fact]
    public void The_review_is_due_a_day_after_the_window_and_not_a_tick_earlier()
    {
        var transfer = Opened();

        transfer.Invoking(t => t.Review(true, true, ReviewAt - TimeSpan.FromTicks(1))).Should().Throw<InvalidOperationException>();
        transfer.Review(true, true, ReviewAt);

        transfer.ReviewDueAt.Should().BeNull();
    }

    [Theory]
    [InlineData(false, true, false, "ServedInPart")]
    [InlineData(false, true, true, "ServedInPart")]
    [InlineData(true, true, false, "NotAcknowledged")]
    [InlineData(false, false, false, "NotAcknowledged")]
    [InlineData(true, true, true, null)]
    public void The_review_disputes_what_is_served_in_part_or_not_acknowledged(bool whole, bool served, bool acknowledged, string? ground)
    {
        var transfer = Opened();
        if (acknowledged) transfer.Acknowledge(4, Size, Sha256, Size, Start);

        transfer.Review(whole, served, ReviewAt);

        transfer.Disputes.Select(d => d.Ground.ToString()).Should().Equal(ground is null ? [] : [ground]);
    }

    [Fact]
    public void A_transfer_that_was_never_opened_is_not_disputed()
    {
        var transfer = TransferStateTests.Made();

        transfer.Review(false, false, ReviewAt);

        transfer.Disputed.Should().BeFalse();
    }

    [Theory]
    [InlineData("Consumer", false)]
    [InlineData("Provider", true)]
    public void The_consumers_destroy_after_complete_service_counts_as_acknowledgement(string by, bool disputed)
    {
        var transfer = Opened();
        transfer.Destroy(DestructionReason.Manual, Enum.Parse<Initiator>(by), Start);

        transfer.Review(servedWhole: true, served: true, ReviewAt);

        transfer.Disputed.Should().Be(disputed);
    }

    [Fact]
    public void A_dispute_is_resolved_when_both_agree_or_by_the_platform()
    {
        var (parties, platform) = (Opened(), Opened());
        parties.Dispute(Initiator.Provider, Start);
        platform.Dispute(Initiator.Consumer, Start);

        parties.Resolve(Initiator.Consumer, Start).Should().BeFalse();
        parties.Resolve(Initiator.Consumer, Start).Should().BeFalse();
        parties.Resolve(Initiator.Provider, Start).Should().BeTrue();
        platform.Resolve(Initiator.Platform, Start).Should().BeTrue();

        (parties.Disputed, platform.Disputed).Should().Be((false, false));
        TransferStateTests.Code(() => parties.Resolve(Initiator.Consumer, Start)).Should().Be("not_disputed");
    }

    [Fact]
    public void A_new_ground_cancels_earlier_agreement()
    {
        var transfer = Opened();
        transfer.Dispute(Initiator.Provider, Start);
        TransferStateTests.Code(() => transfer.Dispute(Initiator.Consumer, Start)).Should().Be("already_disputed");
        transfer.Resolve(Initiator.Consumer, Start);
        transfer.Acknowledge(1, Size, Sha256, Size, Start);

        transfer.Resolve(Initiator.Provider, Start).Should().BeFalse();
        transfer.Disputed.Should().BeTrue();
    }

    private static Transfer Opened()
    {
        var transfer = TransferStateTests.Made(size: Size);
        transfer.Open([], Start);
        return transfer;
    }
}
