using Aegis.Kernel.Persistence.Sqlite;

namespace Aegis.Tests.Mechanisms;

public sealed class WriteGateTests
{
    [Fact]
    public async Task One_writer_at_a_time_in_order_of_arrival_and_urgent_ones_first()
    {
        var gate = new WriteGate();
        var order = new List<string>();
        var first = await gate.Enter(isUrgent: false, CancellationToken.None);
        var waiting = new[]
        {
            Enter(gate, false, "normal 1", order), Enter(gate, false, "normal 2", order), Enter(gate, true, "urgent", order),
        };

        order.Should().BeEmpty();
        first.Dispose();
        first.Dispose();

        await Task.WhenAll(waiting);
        order.Should().Equal("urgent", "normal 1", "normal 2");
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_does_not_keep_the_others_out()
    {
        var gate = new WriteGate();
        var first = await gate.Enter(isUrgent: false, CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var given = gate.Enter(isUrgent: false, impatient.Token).AsTask();
        var next = gate.Enter(isUrgent: false, CancellationToken.None).AsTask();

        await impatient.CancelAsync();
        await given.Invoking(g => g).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();

        (await next.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
        (await gate.Enter(isUrgent: true, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }

    private static async Task Enter(WriteGate gate, bool urgent, string name, List<string> order)
    {
        using var turn = await gate.Enter(urgent, CancellationToken.None);
        order.Add(name);
        await Task.Yield();
    }
}
