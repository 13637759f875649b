using Aegis.Kernel.Web.Refusals;
using Aegis.Studies.Transfers;
using Aegis.Studies.Windows;

namespace Aegis.Tests.Studies.Transfers;

public sealed class TransferStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_transfer_can_be_opened_one_tick_before_its_end_and_not_at_it()
    {
        var end = Start + Window.Default;

        Made().Invoking(t => t.Open([], end - Tick)).Should().NotThrow();
        Code(() => Made().Open([], end)).Should().Be("transfer_destroyed");
        Code(() => Made().Open([], end + Tick)).Should().Be("transfer_destroyed");
    }

    [Theory]
    [InlineData(0.99)]
    [InlineData(30 * 24 + 0.01)]
    public void A_window_is_between_an_hour_and_thirty_days(double hours)
    {
        var deliver = () => Made(window: TimeSpan.FromHours(hours));

        deliver.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_view_covers_the_opens_of_the_next_hour()
    {
        var transfer = Made();
        transfer.View(Start, Start).Should().BeTrue();

        transfer.View(Start + Transfer.ViewCoverage - Tick, Start + Transfer.ViewCoverage).Should().BeFalse();
        transfer.View(Start + Transfer.ViewCoverage, Start + Transfer.ViewCoverage).Should().BeTrue();
        transfer.Views.Should().Be(2);
    }

    [Fact]
    public void Only_the_first_view_delivers()
    {
        var transfer = Made();
        transfer.View(Start, Start);
        transfer.View(Start.AddHours(2), Start.AddHours(2));

        transfer.DeliveredAt.Should().Be(Start);
        transfer.TakeRaised().Select(r => r.Happened.GetType().Name)
            .Should().Equal("TransferReady", "TransferViewed", "TransferDelivered", "TransferViewed");
    }

    [Fact]
    public void Opens_are_refused_after_the_hour_of_the_last_view()
    {
        var transfer = Made(maxViews: 1);
        transfer.Open([], Start);
        transfer.View(Start, Start);

        transfer.Invoking(t => t.Open([], Start + Transfer.ViewCoverage - Tick)).Should().NotThrow();
        Code(() => transfer.Open([], Start + Transfer.ViewCoverage)).Should().Be("views_exhausted");
    }

    [Fact]
    public void A_suspended_transfer_cannot_be_opened_and_returns_to_its_earlier_state()
    {
        var (ready, open) = (Made(), Made());
        open.Open([], Start);

        ready.Suspend(Start).Should().BeTrue();
        open.Suspend(Start).Should().BeTrue();
        Code(() => open.Open([], Start)).Should().Be("transfer_suspended");
        ready.Resume().Should().BeTrue();
        open.Resume().Should().BeTrue();

        ready.Status.Should().Be(TransferStatus.Ready);
        open.Status.Should().Be(TransferStatus.Open);
        open.Resume().Should().BeFalse();
    }

    [Fact]
    public void Destroying_removes_the_key_once_from_every_state_before_the_end()
    {
        var suspended = Made();
        suspended.Suspend(Start);

        foreach (var transfer in new[] { Made(), suspended })
        {
            transfer.Destroy(DestructionReason.Manual, Initiator.Provider, Start).Should().BeTrue();
            transfer.Destroy(DestructionReason.WindowEnd, Initiator.Window, Start.AddDays(3)).Should().BeFalse();
            transfer.Key.Should().BeNull();
            transfer.Destruction!.By.Should().Be(Initiator.Provider);
            transfer.Suspend(Start).Should().BeFalse();
            Code(() => transfer.Open([], Start)).Should().Be("transfer_destroyed");
        }
    }

    [Fact]
    public void Destruction_is_complete_only_after_key_and_bytes()
    {
        var transfer = Made();
        transfer.Destroy(DestructionReason.Manual, Initiator.Consumer, Start);

        transfer.Invoking(t => t.CompleteDestruction(Start)).Should().Throw<InvalidOperationException>();
        transfer.EraseKey(Start);
        transfer.CompleteDestruction(Start.AddSeconds(1));

        transfer.Status.Should().Be(TransferStatus.Destroyed);
        transfer.Destruction!.AuditEntry.Should().StartWith("log_");
    }

    internal static Transfer Made(TimeSpan? window = null, int? maxViews = null, long size = 1_000) => Transfer.Deliver(
        "req_1", "cons_1", "prov_1", Ingested.Study(size: size), window ?? Window.Default, maxViews, Start);

    internal static string Code(Action act) => act.Should().Throw<RefusedException>().Which.Code;
}
