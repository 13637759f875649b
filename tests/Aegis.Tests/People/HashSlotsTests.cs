using Aegis.Auth.People.SignIn;
using Aegis.Kernel.Web.Refusals;

namespace Aegis.Tests.People;

/// <summary>The order in which calls get slots; each slot is freed in the end.</summary>
public sealed class HashSlotsTests
{
    [Fact]
    public async Task Strangers_get_half_of_the_cores_and_known_browsers_all_free_ones()
    {
        var slots = new HashSlots(cores: 4);

        var strangers = Take(slots, isKnown: false, 3);
        var known = Take(slots, isKnown: true, 3);

        strangers.Count(t => t.IsCompleted).Should().Be(2);
        known.Count(t => t.IsCompleted).Should().Be(2);
        (await known[0]).Dispose();
        await known[2].WaitAsync(TimeSpan.FromSeconds(5));
        strangers[2].IsCompleted.Should().BeFalse();
        foreach (var stranger in strangers.Take(2)) (await stranger).Dispose();
        await strangers[2].WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Waiting_known_browsers_go_before_strangers_who_came_earlier()
    {
        var slots = new HashSlots(cores: 1);
        var first = await slots.Take(isKnown: false, default);
        var stranger = slots.Take(isKnown: false, default);
        var known = slots.Take(isKnown: true, default);

        first.Dispose();

        var served = await known.WaitAsync(TimeSpan.FromSeconds(5));
        stranger.IsCompleted.Should().BeFalse();
        served.Dispose();
        (await stranger.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }

    [Fact]
    public async Task One_core_serves_strangers_too()
    {
        var slots = new HashSlots(cores: 1);

        using (await slots.Take(isKnown: false, default)) slots.Take(isKnown: true, default).IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_full_queue_refuses_and_does_not_affect_the_other_queue()
    {
        var slots = new HashSlots(cores: 2);
        Take(slots, isKnown: false, 9);

        var refused = () => slots.Take(isKnown: false, default);

        (await refused.Should().ThrowAsync<RefusedException>()).Which
            .Should().Match<RefusedException>(r => r.Code == "sign_in_busy" && r.Status == 503);
        slots.Take(isKnown: true, default).IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task A_cancelled_call_leaves_the_queue_and_takes_no_slot()
    {
        var slots = new HashSlots(cores: 1);
        var first = await slots.Take(isKnown: false, default);
        using var cancelled = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 4).Select(_ => slots.Take(isKnown: false, cancelled.Token)).ToList();
        var last = () => slots.Take(isKnown: false, default);
        await last.Should().ThrowAsync<RefusedException>();

        await cancelled.CancelAsync();

        foreach (var call in waiting) await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        var next = slots.Take(isKnown: false, default);
        next.IsCompleted.Should().BeFalse();
        first.Dispose();
        first.Dispose();
        (await next.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
        (await slots.Take(isKnown: false, default).WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
        var late = () => slots.Take(isKnown: false, cancelled.Token);
        (await late()).Dispose(); // a free slot needs no wait
    }

    private static List<Task<IDisposable>> Take(HashSlots slots, bool isKnown, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => slots.Take(isKnown, default))];
}
